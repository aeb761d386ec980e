# Rscript metafor.R > metafor.json : reference numbers of the pool, from metafor with a tight control.
suppressMessages({library(metafor)})
sets <- list(
  five = list(y = c(-0.34, 0.49, -0.86, -0.20, -0.61), v = c(.31, .41, .30, .45, .50)^2),
  two = list(y = c(-0.34, 0.49), v = c(.31, .41)^2),
  alike = list(y = c(1.0, 1.02, 0.99, 1.01), v = c(.2, .3, .25, .4)^2),
  twelve = list(y = sin(1:12) * 0.8 + 0.3, v = (0.1 + 0.05 * (1:12))^2)
)
num <- function(x) formatC(x, digits = 15, format = "g")
out <- c()
for (name in names(sets)) {
  s <- sets[[name]]
  rows <- c()
  for (m in c("REML", "PM", "DL")) for (t in c("z", "knha", "adhoc")) {
    f <- rma(s$y, s$v, method = m, test = t, control = list(threshold = 1e-14, maxiter = 10000, tol = 1e-14))
    rows <- c(rows, sprintf('{"method":"%s","test":"%s","mean":%s,"sd":%s,"low":%s,"high":%s,"tau2":%s,"i2":%s,"q":%s}',
      m, t, num(f$b[1]), num(f$se), num(f$ci.lb), num(f$ci.ub), num(f$tau2), num(f$I2 / 100), num(f$QE)))
  }
  ci <- confint(rma(s$y, s$v, method = "DL"), control = list(tol = 1e-14, maxiter = 10000, tau2.max = 1e4))$random
  egger <- if (length(s$y) >= 10) { r <- regtest(s$y, s$v, model = "lm"); s2 <- coef(summary(r$fit)); sprintf('[%s,%s]', num(s2[2, 1]), num(s2[2, 2])) } else "null"
  out <- c(out, sprintf('"%s":{"y":[%s],"v":[%s],"fits":[%s],"tau2_interval":[%s,%s],"egger":%s}', name,
    paste(num(s$y), collapse = ","), paste(num(s$v), collapse = ","), paste(rows, collapse = ","), num(ci[1, 2]), num(ci[1, 3]), egger))
}
e <- function(...) { x <- escalc(...); sprintf('[%s,%s]', num(x$yi[1]), num(x$vi[1])) }
sizes <- c(
  sprintf('"MD":%s', e("MD", m1i = 3.1, sd1i = 1.2, n1i = 30, m2i = 3.9, sd2i = 1.4, n2i = 28)),
  sprintf('"SMD":%s', e("SMD", m1i = 3.1, sd1i = 1.2, n1i = 30, m2i = 3.9, sd2i = 1.4, n2i = 28)),
  sprintf('"SMCC":%s', e("SMCC", m1i = 3.1, sd1i = 1.2, m2i = 3.9, sd2i = 1.4, ni = 28, ri = 0.6)),
  sprintf('"ROM":%s', e("ROM", m1i = 3.1, sd1i = 1.2, n1i = 30, m2i = 3.9, sd2i = 1.4, n2i = 28)),
  sprintf('"RR":%s', e("RR", ai = 11, n1i = 50, ci = 5, n2i = 48)),
  sprintf('"OR":%s', e("OR", ai = 11, n1i = 50, ci = 5, n2i = 48)),
  sprintf('"OR0":%s', e("OR", ai = 0, n1i = 50, ci = 5, n2i = 48))
)
cat(sprintf('{"tool":"metafor %s, R %s.%s","sets":{%s},"sizes":{%s}}\n', packageVersion("metafor"), R.version$major, R.version$minor,
  paste(out, collapse = ","), paste(sizes, collapse = ",")))
