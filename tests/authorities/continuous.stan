// The model of src/nightdose/inference/components.py for a continuous outcome, written without looking at its kernels:
// level and spell are integrated out day by day (Kalman), everything else is sampled.
data {
  int<lower=1> T;
  int<lower=1> F;
  int<lower=1> J;
  int<lower=0, upper=1> seen[T];
  vector[T] y;                 // standardised outcome
  matrix[T, F] X;              // intercept, trend
  matrix[T, J] dose;           // share of the largest dose; column 1 is the treatment
  vector[J] start;
  vector[J] tau_median;
  vector[J] tau_sdlog;
  vector[F + J] sd_b;
  real level_scale;
  int n_on;
  int on[n_on];                // recorded days on treatment
  real unit;                   // outcome units of 1
}
parameters {
  real<lower=0> level_sd;
  real<lower=0> ar_sd;
  real<lower=0> noise_sd;
  real<lower=0, upper=1> phi;
  vector[J] tau_z;
  vector[F + J] b;
}
transformed parameters {
  vector[J] tau = tau_median .* exp(tau_sdlog .* tau_z);
  matrix[T, J] x;
  for (j in 1:J) {
    real keep = exp(-1 / tau[j]);
    real e = start[j];
    for (t in 1:T) {
      e = dose[t, j] + keep * (e - dose[t, j]);
      x[t, j] = e;
    }
  }
}
model {
  level_sd ~ normal(0, level_scale);
  ar_sd ~ normal(0, 1);
  noise_sd ~ normal(0, 1);
  phi ~ beta(2, 2);
  tau_z ~ std_normal();
  b ~ normal(0, sd_b);
  {
    vector[T] r = y - X * head(b, F) - x * tail(b, J);
    real q_level = square(level_sd);
    real q_spell = square(ar_sd) * (1 - square(phi));
    real m1 = 0;
    real m2 = 0;
    real v11 = q_level;
    real v12 = 0;
    real v22 = square(ar_sd);
    real total = 0;
    for (t in 1:T) {
      if (t > 1) {
        m2 = phi * m2;
        v11 = v11 + q_level;
        v12 = phi * v12;
        v22 = square(phi) * v22 + q_spell;
      }
      if (seen[t]) {
        real s = v11 + 2 * v12 + v22 + square(noise_sd);
        real off = r[t] - m1 - m2;
        real g1 = v11 + v12;
        real g2 = v12 + v22;
        total += -0.5 * (log(s) + square(off) / s);
        m1 = m1 + g1 * off / s;
        m2 = m2 + g2 * off / s;
        v11 = v11 - square(g1) / s;
        v12 = v12 - g1 * g2 / s;
        v22 = v22 - square(g2) / s;
      }
    }
    target += total;
  }
}
generated quantities {
  real effect = unit * b[F + 1] * mean(col(x, 1)[on]);
  real log_level_sd = log(level_sd);
  real log_ar_sd = log(ar_sd);
  real log_noise_sd = log(noise_sd);
  vector[J] log_tau = log(tau);
}
