"""The circulars on assessment, as pure functions: values in, verdict out."""
