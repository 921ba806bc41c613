# Reads the files that are named, as a laboratory would, and writes what it sees as JSON: Rscript reads.R OUT FILE …
suppressPackageStartupMessages({library(jsonlite); library(haven); library(readxl)})
args <- commandArgs(trailingOnly = TRUE)
seen_table <- function(table) list(
  names = as.list(names(table)), rows = nrow(table),
  numeric = as.list(names(table)[sapply(table, is.numeric)]),
  columns = lapply(setNames(as.list(table), names(table)), function(one) as.list(as.vector(unclass(one))))
)
seen_sav <- function(path) {
  table <- read_sav(path)
  c(seen_table(table), list(
    labels = lapply(table, function(one) attr(one, "label")),
    values = lapply(table, function(one) as.list(attr(one, "labels")))
  ))
}
read <- function(path) switch(tools::file_ext(path),
  csv = list(seen_table(read.csv(path, na.strings = "", fileEncoding = "UTF-8", check.names = FALSE))),
  tsv = list(seen_table(read.delim(path, na.strings = "n/a", fileEncoding = "UTF-8", check.names = FALSE))),
  xlsx = lapply(setNames(nm = excel_sheets(path)), function(sheet) seen_table(read_excel(path, sheet))),
  sav = list(seen_sav(path)),
  json = list(read_json(path))
)
found <- lapply(setNames(nm = args[-1]), read)
write_json(found, args[1], auto_unbox = TRUE, na = "null", digits = NA)
