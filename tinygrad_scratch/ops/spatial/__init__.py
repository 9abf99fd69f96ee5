"""What windows over space make of signals, images and volumes: convolution, pooling, resampling."""
