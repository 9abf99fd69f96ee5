"""Data sets of handwritten digits, and tables of your own, as tensors in memory."""

from tinygrad_scratch.engine import offered
from tinygrad_scratch.nn.datasets.digits import Digits
from tinygrad_scratch.nn.datasets.digits_csv import DigitsCSV, write_digits_csv
from tinygrad_scratch.nn.datasets.files import DataError, data_folders
from tinygrad_scratch.nn.datasets.mnist import MNIST
from tinygrad_scratch.nn.datasets.table_csv import TableCSV

__all__ = ["MNIST", "DataError", "Digits", "DigitsCSV", "TableCSV", "data_folders", "write_digits_csv"]

offered(globals())
