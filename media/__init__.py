"""Files and video: what people upload, how it is kept, shown and watched."""
