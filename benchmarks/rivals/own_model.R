# Stan with nightdose's own model and priors, level and spells integrated out by a Kalman filter in Stan code
# (tests/authorities/continuous.stan): the fastest form of this model in Stan that we know. 1 chain of 500 + 1000.
suppressMessages({library(rstan); library(posterior)})
source("benchmarks/rivals/diary.R")
times <- system.time(model <- stan_model("tests/authorities/continuous.stan", auto_write = FALSE))
message("compiled in ", round(cpu_of(times), 1), " CPU s")

answer <- function(d) {
  trial <- d$question$randomised != "none"
  doses <- cbind(d$dose, do.call(cbind, d$others))
  doses[is.na(doses)] <- 0
  share <- sweep(doses, 2, apply(doses, 2, max), "/")
  seen <- !is.na(d$outcome) & !is.na(d$dose)
  n <- length(seen)
  unit <- sqrt(mean((d$outcome[seen] - mean(d$outcome[seen]))^2))
  on <- which(seen & doses[, 1] > 0)
  start <- share[1, ]
  if (trial) start[1] <- 0
  j <- ncol(share)
  data <- list(T = n, F = 2, J = j, seen = as.integer(seen), y = ifelse(seen, (d$outcome - mean(d$outcome[seen])) / unit, 0),
    X = cbind(1, (seq_len(n) - 1) / n - .5), dose = share, start = as.array(unname(start)),
    tau_median = as.array(rep(10, j)), tau_sdlog = as.array(rep(.8, j)), sd_b = c(5, 1, rep(1, j)), level_scale = .05,
    n_on = length(on), on = as.array(on), unit = unit)
  times <- system.time(s <- suppressWarnings(sampling(model, data = data, chains = 1, warmup = 500, iter = 1500, seed = 1,
    refresh = 0, control = list(adapt_delta = .9))))
  draws <- as.numeric(extract(s, "effect")[[1]])
  spent <- get_elapsed_time(s)  # on the clock: shared out over the CPU time below
  warm <- cpu_of(times) * spent[1, "warmup"] / sum(spent)
  line(d, draws, cpu_of(times), round(ess_bulk(extract(s, "effect", permuted = FALSE)[, , 1])), warm)
}

answer_all(answer)
