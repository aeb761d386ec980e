#!/usr/bin/env bash
# Builds the environments of the rivals outside the project and prints what came:  benchmarks/rivals/build.sh [DIR]
# DIR is $NIGHTDOSE_RIVALS or ~/.cache/nightdose-rivals. Nothing of it enters the package. R comes from Debian.
set -euo pipefail
dir="${1:-${NIGHTDOSE_RIVALS:-$HOME/.cache/nightdose-rivals}}"
mkdir -p "$dir"

environment() {  # NAME PACKAGE...
  local name="$1"; shift
  [ -x "$dir/$name/bin/python" ] || python3 -m venv "$dir/$name"
  "$dir/$name/bin/python" -m pip install -q --disable-pip-version-check "$@"
  echo "$name: $("$dir/$name/bin/python" -m pip freeze --disable-pip-version-check | tr '\n' ' ')"
}

environment series "statsmodels==0.15.0" scipy pandas numpy
# pycausalimpact 0.1.1 needs a pandas before 3 and a statsmodels before 0.15; the method that pandas 2.1 removed is
# given back at run time (causal_impact.py)
environment causalimpact "pycausalimpact==0.1.1" "pandas>=2.1,<3" "statsmodels<0.15"
environment numpyro "numpyro==0.22.0"
environment pymc "pymc==5.28.5" "nutpie==0.16.8"
environment diffrax "diffrax==0.7.2"
environment roadrunner "libroadrunner==2.10.0" "antimony==3.3.0"

if ! command -v Rscript > /dev/null; then
  echo "R: not installed. On Debian: apt-get install r-base-core r-cran-rstan r-cran-brms r-cran-posterior r-cran-jsonlite"
  exit 0
fi
# Debian's r-cran-bh ships no headers where rstan looks for them
bh="$(Rscript -e 'cat(system.file(package = "BH"))')"
if [ -n "$bh" ] && [ ! -e "$bh/include/boost" ] && [ -d /usr/include/boost ]; then
  mkdir -p "$bh/include" && ln -s /usr/include/boost "$bh/include/boost"
fi
Rscript -e 'for (p in c("rstan", "brms", "posterior", "jsonlite"))
  cat(p, if (requireNamespace(p, quietly = TRUE)) as.character(packageVersion(p)) else "is not installed", "\n")'
