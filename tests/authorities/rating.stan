// The model of src/nightdose/inference/components.py for a rating: a normal variable seen only as the whole step it
// falls in, open at both ends. Level and spells are sampled day by day; nothing is integrated out or approximated.
functions {
  // log P(lower < eta + e < upper); an open end is never divided by anything, its gradient would not be finite
  real rounded_lpdf(real eta, real lower, real upper, real sd) {
    if (lower < -1e8) return normal_lcdf((upper - eta) / sd | 0, 1);
    if (upper > 1e8) return normal_lcdf((eta - lower) / sd | 0, 1);
    if (lower > eta) return log_diff_exp(normal_lcdf((eta - lower) / sd | 0, 1), normal_lcdf((eta - upper) / sd | 0, 1));
    return log_diff_exp(normal_lcdf((upper - eta) / sd | 0, 1), normal_lcdf((lower - eta) / sd | 0, 1));
  }
  real expected(real mean, real sd, int low, int high) {
    real total = low;
    for (k in low:(high - 1)) total += Phi((mean - k - 0.5) / sd);
    return total;
  }
}
data {
  int<lower=1> T;
  int<lower=1> F;
  int<lower=1> J;
  int<lower=0, upper=1> seen[T];
  vector[T] lower_end;           // standardised ends of the step; +-1e9 stands for an open end
  vector[T] upper_end;
  matrix[T, F] X;
  matrix[T, J] dose;
  vector[J] start;
  vector[J] tau_median;
  vector[J] tau_sdlog;
  vector[F + J] sd_b;
  real level_scale;
  int n_on;
  int on[n_on];
  real centre;
  real unit;
  int low;
  int high;
}
parameters {
  real<lower=0> level_sd;
  real<lower=0> ar_sd;
  real<lower=0> noise_sd;
  real<lower=0, upper=1> phi;
  vector[J] tau_z;
  vector[F + J] b;
  vector[T] level_z;
  vector[T] spell_z;
}
transformed parameters {
  vector[J] tau = tau_median .* exp(tau_sdlog .* tau_z);
  matrix[T, J] x;
  vector[T] eta;
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
  ar_sd ~ normal(0, 1);
  noise_sd ~ normal(0, 1);
  phi ~ beta(2, 2);
  tau_z ~ std_normal();
  b ~ normal(0, sd_b);
  level_z ~ std_normal();
  spell_z ~ std_normal();
  for (t in 1:T) {
    if (seen[t]) target += rounded_lpdf(eta[t] | lower_end[t], upper_end[t], noise_sd);
  }
}
generated quantities {
  real effect = 0;
  real log_level_sd = log(level_sd);
  real log_ar_sd = log(ar_sd);
  real log_noise_sd = log(noise_sd);
  vector[J] log_tau = log(tau);
  for (i in 1:n_on) {
    real with_it = centre + unit * eta[on[i]];
    real without = with_it - unit * x[on[i], 1] * b[F + 1];
    effect += (expected(with_it, unit * noise_sd, low, high) - expected(without, unit * noise_sd, low, high)) / n_on;
  }
}
