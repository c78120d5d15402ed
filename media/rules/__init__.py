"""What may be uploaded, who may fetch it and until when, and what counts as watched."""
