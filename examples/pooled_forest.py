"""From 200 simulated diaries to a pooled forest. A marimo notebook: `marimo edit examples/pooled_forest.py`.

SYNTHETIC: every diary here is made by a program. The true mean improvement is 0.4 points, the true sd between
people 0.3.
"""

import marimo

app = marimo.App()


@app.cell
def _():
    import numpy as np

    import nightdose as nd

    return nd, np


@app.cell
def _(np):
    """200 people, 112 days each, four blocks on and four off; scores wander from day to day."""
    rng = np.random.default_rng(2026)
    people, days = 200, 112
    truth = rng.normal(0.4, 0.3, people)
    dose = 4.5 * ((np.arange(days) // 14) % 2)
    columns = {"person": [], "day": [], "pain": [], "naltrexone_mg": []}
    for i in range(people):
        noise = rng.standard_normal(days)
        for t in range(1, days):
            noise[t] += 0.4 * noise[t - 1]
        columns["person"] += [f"p{i}"] * days
        columns["day"] += list(range(1, days + 1))
        columns["pain"] += np.round(5 - truth[i] * (dose > 0) + noise, 2).tolist()
        columns["naltrexone_mg"] += dose.tolist()
    return columns, truth


@app.cell
def _(columns, nd):
    """Everybody's own answer, nothing pooled yet. A pandas frame in place of `columns` does as well."""
    question = nd.Question("pain", "naltrexone", meaningful=0.5, randomised="blocks", onset="same-day")
    cohort = nd.analyse_cohort(columns, question)
    cohort  # noqa: B018 - a notebook shows the last value of a cell
    return (cohort,)


@app.cell
def _(cohort, np, truth):
    """The mean of the single answers is drawn towards 0 by each prior; the pool of the likelihoods is not."""
    plain = float(np.nanmean([row["improvement_mean"] for row in cohort]))
    pool = cohort.pool(between=0.5)
    print(f"true mean {truth.mean():.2f}; mean of single answers {plain:.2f}; pooled {pool.mean:.2f} "
          f"({pool.interval95()[0]:.2f} to {pool.interval95()[1]:.2f}); between people {pool.between:.2f}")  # fmt: skip
    return plain, pool


@app.cell
def _(cohort):
    import marimo as mo

    forest = cohort.forest(between=0.5)
    mo.output.replace(mo.Html(forest))
    return (forest,)


if __name__ == "__main__":
    app.run()
