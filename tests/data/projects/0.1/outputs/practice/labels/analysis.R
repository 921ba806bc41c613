# Reads every table of this export, and computes the main table of the agreement report again.
# Start it in this folder: Rscript analysis.R
# disagreement: mean over items of the sample variance of the ratings; alpha: Krippendorff (2011).

left_out <- c()  # raters whom the project leaves out of analyses

read <- function(name) {
  if (!file.exists(name)) return(NULL)
  read.csv(name, na.strings = "", fileEncoding = "UTF-8", check.names = FALSE, stringsAsFactors = FALSE)
}
table_file <- function(kind) sprintf("%s.csv", kind)
intensities <- read(table_file("intensities"))
categories <- read(table_file("categories"))
answers <- read(table_file("answers"))
traces <- read(table_file("traces"))
presentations <- read(table_file("presentations"))
raters <- read(table_file("raters"))

alpha <- function(by_item, ordinal) {
  values <- unlist(by_item, use.names = FALSE)
  levels <- sort(unique(values))
  if (length(levels) < 2) return(NA_real_)
  counts <- sapply(levels, function(level) sum(values == level))
  if (ordinal) {
    place <- cumsum(counts) - counts / 2
  } else {
    place <- levels
  }
  distance <- outer(place, place, "-")^2
  observed <- matrix(0, length(levels), length(levels))
  for (ratings in by_item) {
    n <- sapply(levels, function(level) sum(ratings == level))
    observed <- observed + (outer(n, n) - diag(n, length(n))) / (length(ratings) - 1)
  }
  1 - (sum(counts) - 1) * sum(observed * distance) / sum(outer(counts, counts) * distance)
}

main_table <- function(x) {
  x <- x[!is.na(x$score) & x$pass == 1 & !(x$rater %in% left_out), ]
  cells <- split(x, list(x$emotion, x$condition), drop = TRUE)
  rows <- lapply(cells, function(cell) {
    by_item <- split(cell$score, cell$item)
    by_item <- by_item[lengths(by_item) >= 2]
    if (!length(by_item)) return(NULL)
    data.frame(
      emotion = cell$emotion[1], condition = cell$condition[1], n_items = length(by_item),
      n_ratings = sum(lengths(by_item)), disagreement = mean(sapply(by_item, var)),
      alpha_ordinal = alpha(by_item, TRUE), alpha_interval = alpha(by_item, FALSE)
    )
  })
  do.call(rbind, c(rows, list(make.row.names = FALSE)))
}

if (!is.null(intensities) && nrow(intensities)) {
  table <- main_table(intensities)
  print(table, digits = 3)
  write.csv(table, "main_table_from_r.csv", row.names = FALSE)
}
