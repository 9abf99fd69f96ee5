"""Recurrent layers over a whole sequence: plain, LSTM and GRU."""
