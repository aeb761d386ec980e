# A diary of the bench as R users have it, and the line of JSON that the bench reads.
suppressMessages(library(jsonlite))

read_diary <- function(path) {
  question <- fromJSON(sub("\\.csv$", ".question.json", path))
  table <- read.csv(path)
  column <- function(name) as.numeric(table[[paste0(name, "_mg")]])
  list(question = question, outcome = as.numeric(table[[question$outcome]]), dose = column(question$treatment),
       others = lapply(setNames(question$adjust, question$adjust), column),
       weekend = as.numeric(format(as.Date(table$date), "%u") >= 6), sign = if (question$better == "higher") 1 else -1)
}

line <- function(d, draws, cpu, ess = NULL, warm = 0) {
  gain <- d$sign * draws
  ends <- unname(quantile(gain, c(.025, .975)))
  verdict <- if (ends[1] > 0) "helps" else if (ends[2] < 0) "harms" else "not_yet_known"
  toJSON(list(verdict = verdict, improvement = list(mean = mean(gain), interval95 = ends), ess = ess,
    warm_s = round(warm, 3), draw_s = round(cpu - warm, 3), cpu_s = round(cpu, 2)),
         auto_unbox = TRUE, digits = 6)
}

cpu_of <- function(times) unname(times[1] + times[2] + times[4] + times[5])

answer_all <- function(answer) {
  input <- file("stdin", "r")
  while (length(path <- readLines(input, 1)) > 0) {
    found <- tryCatch(answer(read_diary(path)), error = function(e) toJSON(list(error = conditionMessage(e)), auto_unbox = TRUE))
    cat(found, "\n", sep = "")
    flush(stdout())
  }
}
