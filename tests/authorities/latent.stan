// The model of src/nightdose/inference/components.py for ordinal, yes/no and count outcomes. Level, spells, noise of
// counts and free cutpoints are sampled; nothing is integrated out or approximated.
functions {
  // log P(lower < eta + e <= upper), e ~ N(0, sd); category 1..C+1 between cuts
  real category_lpmf(int k, real eta, vector cut, real sd) {
    int n = rows(cut);
    if (k == 1) return normal_lcdf((cut[1] - eta) / sd | 0, 1);
    if (k == n + 1) return normal_lcdf((eta - cut[n]) / sd | 0, 1);
    if (cut[k - 1] > eta)
      return log_diff_exp(normal_lcdf((eta - cut[k - 1]) / sd | 0, 1), normal_lcdf((eta - cut[k]) / sd | 0, 1));
    return log_diff_exp(normal_lcdf((cut[k] - eta) / sd | 0, 1), normal_lcdf((cut[k - 1] - eta) / sd | 0, 1));
  }
  real expected(real eta, vector cut, vector worth, real sd) {
    real total = worth[1];
    for (k in 1:rows(cut)) total += (worth[k + 1] - worth[k]) * Phi((eta - cut[k]) / sd);
    return total;
  }
}
data {
  int<lower=1> T;
  int<lower=1> F;
  int<lower=1> J;
  int<lower=0, upper=1> counts;   // 1 = counts, 0 = categories
  int<lower=0, upper=1> seen[T];
  int y[T];                       // category from 1, or count
  int<lower=1> C;                 // cutpoints; 1 for counts, unused
  vector[C] cuts;                 // the outer two hold, inner ones are unknown
  vector[C + 1] worth;            // outcome that a category stands for
  matrix[T, F] X;
  matrix[T, J] dose;
  vector[J] start;
  vector[J] tau_median;
  vector[J] tau_sdlog;
  vector[F + J] sd_b;
  real level_scale;
  real ar_scale;
  real noise_scale;
  real noise_fixed;               // 0 = unknown
  int n_on;
  int on[n_on];
}
transformed data {
  int gaps = C > 2 ? C - 1 : 1;
}
parameters {
  real<lower=0> level_sd;
  real<lower=0> ar_sd;
  real<lower=0> noise_free;
  real<lower=0, upper=1> phi;
  vector[J] tau_z;
  vector[F + J] b;
  vector[T] level_z;
  vector[T] spell_z;
  vector[counts ? T : 0] noise_z;
  simplex[gaps] gap;              // uniform order statistics between the outer cutpoints
}
transformed parameters {
  real noise_sd = noise_fixed > 0 ? noise_fixed : noise_free;
  vector[J] tau = tau_median .* exp(tau_sdlog .* tau_z);
  matrix[T, J] x;
  vector[T] eta;
  vector[C] cut = cuts;
  for (k in 2:(C - 1)) cut[k] = cut[k - 1] + gap[k - 1] * (cuts[C] - cuts[1]);
  for (j in 1:J) {
    real keep = exp(-1 / tau[j]);
    real e = start[j];
    for (t in 1:T) {
      e = dose[t, j] + keep * (e - dose[t, j]);
      x[t, j] = e;
    }
  }
  {
    vector[T] spell;
    real shock = ar_sd * sqrt(1 - square(phi));
    spell[1] = ar_sd * spell_z[1];
    for (t in 2:T) spell[t] = phi * spell[t - 1] + shock * spell_z[t];
    eta = X * head(b, F) + x * tail(b, J) + level_sd * cumulative_sum(level_z) + spell;
  }
}
model {
  level_sd ~ normal(0, level_scale);
  ar_sd ~ normal(0, ar_scale);
  noise_free ~ normal(0, noise_scale);
  phi ~ beta(2, 2);
  tau_z ~ std_normal();
  b ~ normal(0, sd_b);
  level_z ~ std_normal();
  spell_z ~ std_normal();
  noise_z ~ std_normal();
  for (t in 1:T) {
    if (seen[t]) {
      if (counts) target += poisson_log_lpmf(y[t] | eta[t] + noise_sd * noise_z[t]);
      else target += category_lpmf(y[t] | eta[t], cut, noise_sd);
    }
  }
}
generated quantities {
  real effect = 0;
  vector[J] log_tau = log(tau);
  for (i in 1:n_on) {
    real without = eta[on[i]] - x[on[i], 1] * b[F + 1];
    if (counts) effect += (exp(eta[on[i]]) - exp(without)) * exp(0.5 * square(noise_sd)) / n_on;
    else effect += (expected(eta[on[i]], cut, worth, noise_sd) - expected(without, cut, worth, noise_sd)) / n_on;
  }
}
