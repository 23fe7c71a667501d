"""The kernels that read texts: one class, which grows from module to module."""
