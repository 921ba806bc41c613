# Values of tests/data/r/values.csv: Rscript tests/data/r/reference.R FOLDER > tests/data/r/values.csv
# FOLDER holds the tables that `python -m tests.agreement.foreign_tables FOLDER` writes.
suppressPackageStartupMessages({library(lme4); library(psych)})
folder <- commandArgs(trailingOnly = TRUE)[1]
cat("table,condition,quantity,value\n")
say <- function(table, condition, quantity, value)
  cat(sprintf("%s,%s,%s,%s\n", table, condition, quantity, ifelse(is.na(value), "", format(value, digits = 15))))

wide <- function(d) {
  m <- tapply(d$score, list(d$clip, d$rater), mean)
  m[order(rownames(m)), order(colnames(m)), drop = FALSE]
}
mixed <- function(d) {
  fit <- suppressMessages(suppressWarnings(lmer(score ~ 1 + (1 | clip) + (1 | rater), data = d, REML = TRUE,
    control = lmerControl(optimizer = "bobyqa", optCtrl = list(maxfun = 1e5, rhoend = 1e-10)))))
  v <- as.data.frame(VarCorr(fit)); names <- v$grp; v <- setNames(v$vcov, names)
  c(A = unname(v["clip"] / sum(v)), C = unname(v["clip"] / (v["clip"] + v["Residual"])))
}
# Krippendorff (2011), from the definition: all pairs of ratings of an item against all pairs of ratings.
alpha <- function(m, ordinal) {
  m <- m[rowSums(!is.na(m)) >= 2, , drop = FALSE]
  all <- m[!is.na(m)]; levels <- sort(unique(all)); n <- table(factor(all, levels))
  place <- if (ordinal) cumsum(n) - n / 2 else levels
  d2 <- outer(as.numeric(place), as.numeric(place), function(x, y) (x - y)^2)
  observed <- 0
  for (i in seq_len(nrow(m))) {
    x <- match(m[i, !is.na(m[i, ])], levels); k <- length(x)
    observed <- observed + sum(d2[x, x]) / (k - 1)
  }
  expected <- sum(outer(as.numeric(n), as.numeric(n)) * d2) / (length(all) - 1)
  1 - observed / expected
}
concordance <- function(x, y) {
  s <- function(a, b) mean((a - mean(a)) * (b - mean(b)))
  2 * s(x, y) / (s(x, x) + s(y, y) + (mean(x) - mean(y))^2)
}
# Intervals of docs/statistics.md: delete-one jackknife over subjects, Student's t, degrees of freedom from the kurtosis.
freedom <- function(left, few) {
  n <- length(left); x <- left - mean(left)
  if (n < 10) return(few)
  min(max(2 * n / (n * sum(x^4) / sum(x^2)^2 - 1), 2), n - 1)
}
ends <- function(value, left, few) {
  n <- length(left)
  if (freedom(left, few) < 4) return(c(NA, NA))  # too few units carry the value
  value + c(-1, 1) * qt(.975, freedom(left, few)) * sqrt((n - 1) / n * sum((left - mean(left))^2))
}
tell <- function(table, condition, quantity, found) {
  say(table, condition, paste0(quantity, "_low"), found[1])
  say(table, condition, paste0(quantity, "_high"), found[2])
}

for (file in sort(list.files(folder, pattern = "[.]csv$"))) {
  table <- sub("[.]csv$", "", file)
  d <- read.csv(file.path(folder, file))
  variance <- list(); means <- list(); number <- list()
  for (condition in c("a", "b")) {
    one <- d[d$condition == condition, ]; m <- wide(one)
    for (q in c("A", "C")) say(table, condition, paste0("reml_", q), mixed(one)[[q]])
    say(table, condition, "alpha_ordinal", alpha(m, TRUE))
    say(table, condition, "alpha_interval", alpha(m, FALSE))
    pair <- m[!is.na(m[, 1]) & !is.na(m[, 2]), 1:2]
    kappa <- suppressWarnings(cohen.kappa(pair, levels = 0:5))
    say(table, condition, "kappa_quadratic", kappa$weighted.kappa)
    say(table, condition, "kappa_plain", kappa$kappa)
    say(table, condition, "ccc", concordance(pair[, 1], pair[, 2]))
    if (!any(is.na(m))) {
      icc <- suppressMessages(suppressWarnings(ICC(m, lmer = FALSE)))$results
      for (row in seq_len(nrow(icc))) {
        say(table, condition, paste0("psych_", icc$type[row]), icc$ICC[row])
        say(table, condition, paste0("psych_", icc$type[row], "_low"), icc[row, "lower bound"])
        say(table, condition, paste0("psych_", icc$type[row], "_high"), icc[row, "upper bound"])
      }
    }
    k <- rowSums(!is.na(m))
    variance[[condition]] <- ifelse(k >= 2, apply(m, 1, var, na.rm = TRUE), NA)
    means[[condition]] <- rowMeans(m, na.rm = TRUE); number[[condition]] <- k
    say(table, condition, "disagreement", mean(variance[[condition]], na.rm = TRUE))
    subject <- sub("c.*", "", rownames(m)); groups <- unique(subject); n <- length(groups)
    left <- sapply(groups, function(g) mean(variance[[condition]][subject != g], na.rm = TRUE))
    found <- ends(sqrt(mean(variance[[condition]], na.rm = TRUE)), sqrt(left), n)
    tell(table, condition, "disagreement", pmax(found, 0)^2)
    left <- sapply(groups, function(g) alpha(m[subject != g, ], FALSE))
    found <- ends(-sqrt(1 - alpha(m, FALSE)), -sqrt(1 - left), n + 1)
    tell(table, condition, "alpha_interval", pmax(1 - pmax(-found, 0)^2, -1))
  }
  items <- intersect(names(variance$a), names(variance$b))
  use <- items[!is.na(variance$a[items]) & !is.na(variance$b[items])]
  x <- variance$a[use] - variance$b[use]; subject <- sub("c.*", "", use); groups <- unique(subject)
  say(table, "", "difference", mean(x))
  say(table, "", "d_z", mean(x) / sd(x))
  nz <- x[abs(x) > 1e-12 * 25]; r <- rank(abs(round(nz, 10)))
  say(table, "", "rank_biserial", (sum(r[nz > 0]) - sum(r[nz < 0])) / sum(r))
  shift <- means$a[use] - means$b[use]; square <- means$a[use]^2 - means$b[use]^2
  fit <- lm(x ~ shift + square)
  say(table, "", "equal_prevalence", coef(fit)[[1]])
  left <- sapply(groups, function(g) coef(lm(x ~ shift + square, subset = subject != g))[[1]])
  tell(table, "", "equal_prevalence", ends(coef(fit)[[1]], left, length(groups) - 1))
  if (!startsWith(table, "between")) {
    left <- sapply(groups, function(g) mean(x[subject != g]))
    tell(table, "", "difference", ends(mean(x), left, length(groups)))
  }
  sums <- tapply(x, subject, sum)[groups]
  flips <- as.matrix(expand.grid(rep(list(c(-1, 1)), length(sums))))
  totals <- abs(flips %*% sums)
  say(table, "", "p_units", mean(totals >= abs(sum(sums)) - 1e-9))
  if (startsWith(table, "between")) {
    both <- cbind(wide(d[d$condition == "a", ]), wide(d[d$condition == "b", ]))
    choices <- combn(ncol(both), ncol(both) / 2)
    effect <- apply(choices, 2, function(k) mean(apply(both[, k], 1, var) - apply(both[, -k], 1, var)))
    observed <- mean(apply(both[, 1:3], 1, var) - apply(both[, 4:6], 1, var))
    say(table, "", "p_raters", mean(abs(effect) >= abs(observed) - 1e-9))
  }
}
