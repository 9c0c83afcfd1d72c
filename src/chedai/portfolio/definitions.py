"""Every published figure carries the id of its definition; a changed definition has a new id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Definition:
    """What a figure is.

    Attributes
    ----------
    id
        Name and version; never used again for another meaning.
    label
        The figure's name on pages and reports.
    meaning
        How it is computed, in one or two sentences; ``D`` is the day of the close and ``C`` the
        earlier close it is compared with.
    columns
        The columns of the state, or the table, that hold it.
    """

    id: str
    label: str
    meaning: str
    columns: tuple[str, ...]


_LISTED: Final = (
    Definition(
        id="outstanding_principal.1",
        label="剩余本金",
        meaning="D 日终未还的本金，含未到期。",
        columns=("outstanding_principal_fen", "outstanding_before_fen"),
    ),
    Definition(
        id="overdue_amounts.1",
        label="逾期本金、利息、费用",
        meaning="应还日早于 D 而 D 日终未还的部分；应还日当天未还不算逾期；与宽限无关。",
        columns=("overdue_principal_fen", "overdue_interest_fen", "overdue_charges_fen"),
    ),
    Definition(
        id="days_past_due.1",
        label="逾期天数",
        meaning="D 减最早一期未还清的应还日；暂停期内的天数不计；不超过宽限天数时为 0，"
        "超过时从应还日起全部计入。",
        columns=("days_past_due", "oldest_unpaid_due_on"),
    ),
    Definition(
        id="bucket.1",
        label="账龄段",
        meaning="M0 为逾期 0 天，M1 为 1–30 天，M2 为 31–60 天，M3 为 61–90 天，M4 为 91–120 天，"
        "M5 为 121–150 天，M6 为 151–180 天，M7 为 180 天以上。",
        columns=("bucket", "bucket_before"),
    ),
    Definition(
        id="classification.1",
        label="五级分类",
        meaning="按资金方方案的天数取级；曾为不良的，结清逾期后须连续正常还款满观察期"
        "（若干个月或若干期，取其长）才上调，观察期内再逾期则从结清日重新起算；"
        "重组后观察期内至少为关注。",
        columns=("classification", "is_upgrade_held"),
    ),
    Definition(
        id="moves.1",
        label="账龄段迁移",
        meaning="C 日有余额的合同，按 C 日账龄段与 D 日账龄段分组的户数和余额；D 日已还清的单列。",
        columns=("moves",),
    ),
    Definition(
        id="flow_rate.1",
        label="迁徙率",
        meaning="C 日在 Mk 的余额中，D 日仍未还清且在 M(k+1) 的余额所占比例；"
        "分母是 C 日余额（即期口径）。",
        columns=("moves",),
    ),
    Definition(
        id="roll_rate.1",
        label="滚动率",
        meaning="前一观察窗各月末的最差账龄段，对后一表现窗各月末的最差账龄段的户数分布。",
        columns=("bucket",),
    ),
    Definition(
        id="vintage_current.1",
        label="账龄分析（当前）",
        meaning="某月放款的合同中，D 日账龄段不低于 Mk 的户数和剩余本金，对该月放款户数和金额；"
        "MOB 为放款月到 D 所在月的月数，放款当月为 0。",
        columns=("vintages",),
    ),
    Definition(
        id="vintage_ever.1",
        label="账龄分析（曾经）",
        meaning="同上，取合同到 D 为止最长的逾期天数，金额取其放款金额；已还清的合同不剔除。",
        columns=("vintages", "worst_days_past_due"),
    ),
    Definition(
        id="first_over_30.1",
        label="首次逾期 30 天以上的 MOB",
        meaning="某月放款的合同，首次逾期第 31 天所在的 MOB 的户数和放款金额分布。",
        columns=("vintage_curve", "first_over_30_on"),
    ),
    Definition(
        id="early_default.1",
        label="首逾、二逾（FPD_n、SPD_n）",
        meaning="第一（二）期到期且已满 n 天的合同中，该期逾期曾达 n 天的户数所占比例；"
        "逾期天数为还清日（未还清时为 D）减应还日。",
        columns=("early_defaults", "first_late_days", "second_late_days"),
    ),
    Definition(
        id="prepayment_speed.1",
        label="提前还款速度（SMM、CPR）",
        meaning="SMM 为 C 至 D 提前还的本金除以（C 日余额减本月应还本金）；"
        "提前还的本金指应还日晚于本月末、C 日未还而 D 日已还的部分；CPR = 1 − (1 − SMM)^12。",
        columns=("prepayments", "scheduled_principal_fen", "prepaid_principal_fen"),
    ),
    Definition(
        id="expected_loss_bucket.1",
        label="预期损失（按账龄段）",
        meaning="剩余本金乘以账龄段损失率，逐户四舍五入到分。",
        columns=("expected_loss_fen",),
    ),
    Definition(
        id="expected_loss_pd_lgd.1",
        label="预期损失（PD×LGD×EAD）",
        meaning="EAD 为剩余本金加逾期利息和费用；PD 取账龄段违约概率，LGD 取合同自己的违约损失率，"
        "二者之积先四舍五入到百万分之一，再逐户四舍五入到分。",
        columns=("expected_loss_fen",),
    ),
    Definition(
        id="non_performing_ratio.1",
        label="不良率",
        meaning="次级、可疑、损失三级的剩余本金除以全部剩余本金；须连同分类方案一起看。",
        columns=("by_class",),
    ),
)

DEFINITIONS: Final = {definition.id: definition for definition in _LISTED}
