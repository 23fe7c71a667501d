"""Which of the candidates are accepted, by document and corpus."""
