# Rscript published.R > published.json : pools of three published meta-analyses, from metafor with a tight control (data: metadat).
suppressMessages(library(metafor))
tight <- list(threshold = 1e-14, maxiter = 10000, tol = 1e-14)
num <- function(x) formatC(x, digits = 15, format = "g", width = 1)
fit <- function(e) paste(sapply(c("REML", "DL"), function(m) {
  r <- rma(e$yi, e$vi, method = m, control = tight)
  sprintf('"%s":[%s,%s,%s]', m, num(r$b[1]), num(r$se), num(r$tau2))
}), collapse = ",")
linde <- dat.linde2005[-c(5, 6, 26), ]
linde <- escalc("RR", ai = ai, ci = ci, n1i = n1i, n2i = n2i, data = linde)
cold <- dat.dagostino1998[dat.dagostino1998$outcome == "rnic1", ]
cold <- escalc("SMD", m1i = mt, m2i = mc, sd1i = sdt, sd2i = sdc, n1i = nt, n2i = nc, data = cold)
senn <- dat.senn2013
one <- senn[senn$treatment == "metformin", ]; two <- senn[senn$treatment == "placebo", ]
both <- merge(one, two, by = "study")
pairs <- escalc("MD", m1i = mi.x, sd1i = sdi.x, n1i = ni.x, m2i = mi.y, sd2i = sdi.y, n2i = ni.y, data = both)
cat(sprintf('{"tool":"metafor %s, R %s.%s","linde2005":{%s},"dagostino1998":{%s},"senn2013":{%s}}\n',
  packageVersion("metafor"), R.version$major, R.version$minor, fit(linde), fit(cold), fit(pairs)))
