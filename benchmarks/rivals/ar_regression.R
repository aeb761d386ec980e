# brms: outcome ~ dose + others + weekend + day + ar(p = 1), default priors, 1 chain of 1000 + 1000.
# It closes up the gaps of missing days, and knows neither slow drift nor a delayed effect.
suppressMessages({library(brms)})
source("benchmarks/rivals/diary.R")
compiled <- new.env()

answer <- function(d) {
  top <- max(d$dose, na.rm = TRUE)
  frame <- data.frame(y = d$outcome, x = d$dose / top, weekend = d$weekend, day = seq_along(d$outcome) / length(d$outcome) - .5)
  for (name in names(d$others)) frame[[name]] <- d$others[[name]] / max(d$others[[name]], na.rm = TRUE)
  frame <- frame[complete.cases(frame), ]
  formula <- paste("y ~", paste(setdiff(names(frame), "y"), collapse = " + "), "+ ar(p = 1)")
  if (is.null(compiled[[formula]])) {
    times <- system.time(compiled[[formula]] <- suppressMessages(brm(as.formula(formula), data = frame, chains = 0)))
    message("compiled in ", round(cpu_of(times), 1), " CPU s")
  }
  times <- system.time(fit <- suppressMessages(suppressWarnings(
    update(compiled[[formula]], newdata = frame, recompile = FALSE, chains = 1, iter = 2000, seed = 1, refresh = 0))))
  draws <- as_draws_matrix(fit)[, "b_x"]
  on <- frame$x > 0
  line(d, as.numeric(draws) * mean(frame$x[on]), cpu_of(times), round(posterior::ess_bulk(as.numeric(draws))))
}

answer_all(answer)
