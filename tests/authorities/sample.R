# Usage: Rscript sample.R MODEL.stan DATA_DIR OUT_DIR ITERATIONS CHAINS SEED [ADAPT_DELTA]
# Samples every DATA_DIR/*.json with Stan's NUTS and writes OUT_DIR/<same name>.json: summaries, never draws.
suppressMessages({library(rstan); library(posterior); library(jsonlite)})
a <- commandArgs(TRUE)
model <- stan_model(a[1], auto_write = FALSE)
iterations <- as.integer(a[4]); chains <- as.integer(a[5]); seed <- as.integer(a[6])
delta <- if (length(a) >= 7) as.numeric(a[7]) else 0.9
dir.create(a[3], showWarnings = FALSE, recursive = TRUE)
for (file in list.files(a[2], pattern = "json$", full.names = TRUE)) {
  out <- file.path(a[3], basename(file))
  if (file.exists(out)) next
  d <- fromJSON(file)
  for (name in c("X", "dose")) d[[name]] <- as.matrix(d[[name]])
  for (name in c("start", "tau_median", "tau_sdlog", "cuts")) if (!is.null(d[[name]])) d[[name]] <- as.array(d[[name]])
  cpu <- system.time(s <- sampling(model, data = d, iter = 1000 + iterations, warmup = 1000, chains = chains, cores = 1,
    seed = seed, refresh = 0, init_r = 0.1, control = list(adapt_delta = delta, max_treedepth = 12)))
  keep <- c("effect", "b", "cut", "level_sd", "ar_sd", "noise_sd", "phi", "log_level_sd", "log_ar_sd", "log_noise_sd", "log_tau")
  keep <- keep[keep %in% s@model_pars]
  draws <- as_draws_array(s)
  draws <- subset_draws(draws, variable = keep)
  table <- summarise_draws(draws, "mean", "sd", ~quantile2(.x, probs = c(.025, .25, .5, .75, .975)), "rhat", "ess_bulk",
    "ess_tail", "mcse_mean", "mcse_sd")
  result <- list(tool = paste0("rstan ", packageVersion("rstan")), stan = stan_version(), date = as.character(Sys.Date()),
    chains = chains, iterations = iterations, seed = seed, adapt_delta = delta,
    divergences = get_num_divergent(s), cpu_s = unname(round(cpu[1] + cpu[2] + cpu[4] + cpu[5], 1)), table = table)
  write(toJSON(result, auto_unbox = TRUE, digits = 6, pretty = FALSE), out)
  e <- table[table$variable == "effect", ]
  cat(format(Sys.time(), "%H:%M:%S"), basename(file), "effect", round(e$mean, 3), round(e$sd, 3), "ess", round(e$ess_bulk),
    "min ess", round(min(table$ess_bulk)), "rhat", round(max(table$rhat), 3), "div", result$divergences, "cpu", result$cpu_s, "\n")
}
