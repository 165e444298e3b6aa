"""What a synthetic cohort is not, for people: it goes with every cohort that is made."""

NOTES = """\
SYNTHETIC. Nothing in this folder is a patient, and nothing in it may be shown as patient data.

A constraint solver made this cohort from the printed margins of a publication. constraints.tsv says
of every margin whether the finished cohort meets it, recomputed from the files here with the
statistics that `kmt2a outcomes` uses.

What it cannot do:
- The joint distribution beyond the margins is arbitrary. Two factors that no margin crosses are
  related here by accident: models of several factors, subgroups and interactions mean nothing.
- Another cohort may meet the same margins and differ in everything else. This is one of many.
- Times are illustrative: only their order, and who had left at a printed time, follow from margins.
- Each patient has one time and one first event. What comes after it, as death after relapse, is not
  made; overall and event-free survival of the same patients cannot both be sought.
- Numbers lie within what conditions say of a patient; which patient has which is arbitrary.
- Two groups can be tested against each other, more cannot. Hazard ratios, cumulative incidences,
  quartiles and p values other than the log-rank test are not sought.
- "unmet" means not found in the time given. "contradictory" is proven, for cohorts of this size
  with these variables, in which everybody has a value unless a row says that it may be missing.
"""
