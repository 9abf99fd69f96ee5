"""Data sets of handwritten digits, as tensors in memory."""

from nn.datasets.digits import Digits
from nn.datasets.digits_csv import DigitsCSV, write_digits_csv
from nn.datasets.files import DataError, data_folders
from nn.datasets.mnist import MNIST

__all__ = ["MNIST", "DataError", "Digits", "DigitsCSV", "data_folders", "write_digits_csv"]
