"""Whose words and whose matter a clause is: mine, a relative's, the seller's, another shop's."""

from __future__ import annotations

import re
from typing import Final

COMPETITOR: Final = re.compile(
    r"那边银行|银行[^,。我你]{0,6}年化|[^,。我你们]{2}金融(?:公司)?(?:给|报|说|那边)|(?:问|看|去|跑|找|咨询|转)(?:了|过)(?:一|两|几|好几|三)家|有个?(?:一个)?(?:汽贸|车行|平台|经销商|卖车的)|(?:上|前)一?家店?|(?:网上|某|另一?个?|另外)(?:的|那个|一个)?[^,。我你]{0,2}(?:平台|店|车商|车行)|(?:开发区|新区|市区|县城|城里|省城|外地|镇上|[东南西北]门|城[东南西北])[^,。我你]{0,3}(?:店|家)|比你们?(?:家|这|店|这边)?(?:便宜|低|少|高|贵)|外面(?:的)?[^,。我你]{0,6}(?:说|给|报)|(?:车行|汽贸|二网|综合店|经销商)(?:那边)?(?:给|报|说)|隔壁(?!老)|别家|他们家?(?=.{0,4}(?:月供|报|给|利率|费率|年化|[一二三四五\d]年))|别的(?:店|家|地方|4s店)|他家|她家|人家(?!说我|都说我)|那边(?=.{0,3}(?:说|报|给|店|月|利|费|年|免))|另一家|(?<![你我这])那家(?:店|4s店)?|(?:有|附近|前面|上|昨天)(?:一)?家(?:店|4s店|给|说|报|算|开)|别人(?:给|报|那)|另外[一有]?个?家|对面(?:店|那家|家)?|其他(?:店|家)|同行|别人家|别处"
    r"|(?:银行|[工农中建交招邮浦兴]行|储蓄|平安|农商|信用社|合作社|那家|城东|城西|城南|城北|网上|朋友圈|抖音|直播间|车展).{0,3}(?:给我?(?:报|算|的|批|做|开)|报(?:的|价|给)|年化|利率|费率)"
    r"|(?:网上|抖音|直播间)(?:上|里)?(?:都|也|有人)?(?:说|讲|看到?|刷到).{0,3}(?:年化|利率|费率)"
)
OFFER: Final = re.compile(
    r"算|谈|比|问|看|去|便宜|低|\d|[一二两三四五六七八九十][万千年期成个]|报|算的|方案|给我|开的"
)
BACK_HERE: Final = re.compile(r"你们|你这|你家|你能|您|咱们?|我(?!那边|们?隔壁)|这边|这儿")
OTHERS: Final = re.compile(
    r"(?<![找让请托])(?:我(?:有个)?|人家|隔壁)?(?<![找让请托])(?:朋友|同事|邻居|同学|闺蜜|哥们|老王|亲戚|表哥|表弟|战友|室友|老乡|老板(?=说|买|他|月供)|别人(?=月供|首付|都)|(?:哥|姐|弟|妹|姐夫|妹夫|舅|叔|姑)(?:的)?(?=(?:月供|首付)[才都是就]?[\d一二两三四五六七八九])|(?:小区|楼下|村)(?:里|的)?人)(?!圈)"
    r"(?!.{0,6}(?:一起|担保|共同|共借|合伙|介绍|推荐|做保险))"
)
RELATIVE: Final = re.compile("老婆|老公|媳妇|爱人|爸|妈|哥|姐|弟|妹|儿子|女儿|岳父|丈母娘")
_THEY: Final = re.compile("^ ?[他她](?!们?家|们|那|的?名)")
_KIN: Final = (
    "老婆|老公|媳妇儿?|爱人|对象|太太|女朋友|男朋友|未婚妻|爸妈|老爸|老妈|爸爸?|妈妈?|父母|父亲|母亲|儿子|女儿|闺女|"
    "孩子|哥哥?|姐姐?|弟弟?|妹妹?|姐夫|妹夫|嫂子|岳父|岳母|丈母娘|老丈人|公公|婆婆|舅舅?|叔叔?|姑姑?|表哥|表弟|堂哥|堂弟"
)
_KIN_LEADS: Final = re.compile(
    rf"^\s?(?:而且|但是?|不过|然后|因为|就是|可是?|只是|还有|再说|跟你说|说实话|主要是?|以前|之前|现在|去年|前年)?\s?(?:[我他她咱]们?|俺)?(?:{_KIN})"
    r"(?!.{0,3}(?:跟我|和我|与我|陪我|一起))(?P<also>也)?"
)
_THEIR_OWN: Final = re.compile(
    "征信|逾期|信用|黑户|白户|花户|网贷|上班|工作|单位|工资|收入|退|买的?了?房|一个月|每个?月|退休|挣|赚|生意|开店|开了?个|打工|担保|签|贷|公务员|老师|"
    "护士|医生|国企|花了|查询|房贷|名下|社保|公积金|跑|做|当"
)
_ABOUT_ME: Final = re.compile("(?:说|讲|嫌|怕|担心|觉得|让|叫|帮|给|陪|跟|和)[^,。]{0,3}(?:我|咱)")
_MY_WORD: Final = re.compile(
    "我|俺|自己|本人|咱|客户|两个人|两口|俩|首付|预算|落地|裸车|月供|买|想|车"
)
_HEARSAY: Final = re.compile(
    r"(?:有|听)(?:人|别人|朋友|他们)(?:家)?(?:都|也|跟我|给我)?(?:说|讲|告诉)|听说|据说|都说|传言|(?:网上|抖音|快手|直播间?|视频)(?:上|里)?(?:都|也|有人|看到|刷到)?(?:说|讲|写|看到|刷到|宣传)|广告|人家(?:都)?说我|别人(?:都)?说"
)
_SELLER: Final = re.compile(
    r"(?:销售|业务员|店员|顾问|经理|信贷员|客户经理|小姑娘|小伙子?|美女|帅哥|客服|电话里)(?:小?哥|小姐姐|员|那边)?(?:刚才|刚刚|之前|昨天|上次|上回|跟我|给我|和我|也|都|那边)*(?:说|讲|报|算|告诉|承诺|答应|推荐)"
    r"|你们?(?:家|那边|这边|这儿?|店里|店|那|广告上?|官网上?)?(?:刚才|刚刚|之前|上次|上回|昨天|前天|那天|给我|跟我|和我|当时|原来|写|发)*(?:报|说|算|讲|写|标|宣传|推荐|给|开)(?:的|我的|是|了|过|给我的|好的)"
    r"|说好的?[^。]{0,12}怎么|说好[^,。]{0,10}的$|说好的|怎么[^,。]{0,4}(?:变|成|涨)"
    r"|你们?(?:这边|这儿|这里|这|家|那)?(?:是|却|还|就|也|才|怎么)*要?(?=[\d一二两三四五六七八九][千百\d])(?!.{0,7}首付)"
)
_AGREED: Final = re.compile(
    "就按|按照?你|就这么|就这样|没问题|可以做|我?(?:能|可以)?接受(?!不)|同意"
)
_PAST_LOAN: Final = re.compile(
    r"(?:去年|前年|大前年|今年(?:初|刚|年初)?|上个月|上半年|刚刚?(?!好)|之前|以前|原来|早先|早年|[\d一二两三四五六七八九十]{1,4}年前?|已经|结婚(?:时|的时候)?|才)(?!想|打算|准备|说)[^,。没]{0,8}(?:(?:买|贷|供|提|按揭)(?:了|的|过|下)|(?:换|分期)(?:了|的|过)[^,。]{0,6}(?:房|车|辆|台|手机))"
    r"|房子?归我|房子?(?:是)?(?:贷款|按揭)买的|(?:(?:供|还|养)着|在(?:供|还))(?:一|两|二)?(?:个|套)?房(?!租|东)"
    r"|(?<![想要])(?:原来|之前|以前|现在|上一|前面|老|旧|名下)[^,。]{0,4}(?:[辆台]|车)[^,。]{0,6}(?:还有|没还|还在还|在还|还剩|贷款没)"
    r"|(?:房子?|住房|商铺|门面|车位|公寓)(?:的)?(?:月供|每个?月|一个月|按揭|还在还|也?在供|贷)"
    r"|(?:车|房|铺|[台辆套])[^,。没]{0,3}(?:在供|供着|在还|还着|没供完|没还完|正在供)"
    r"|(?:贷款|车贷|月供|按揭|装修贷|信用贷)[^,。没]{0,3}(?:还有|没还|在还|还剩|没结)"
    r"|还有(?:一)?[台辆][^,。]{0,5}车?的?贷款|还有(?:个|一个|一笔|笔)[^,。想没]{0,4}贷|(?:车贷|贷款|月供)(?:之前|以前|原来)|(?:之前|以前|原来)的?(?:车贷|月供|贷款)"
    r"|(?:已经|现在|目前|手上|手里|名下|身上|本来)[^,。想没]{0,3}(?:有|背|供)(?:了|着)?[^,。想没]{0,6}(?:贷|月供|按揭)"
    r"|(?:我开的|这辆|这台|那台|那辆|上一台|上一辆)[^,。]{0,8}(?:没还|还在还|没供|没结清)"
    r"|(?:贷了|一共贷了|当时贷的?|之前贷的?)[^,。]{0,8}[万年期]"
)
_NEW_WISH: Final = re.compile(
    "现在(?:又|还)?想|想再|再买|再贷|打算|准备|这次|这回|新车|首付|想买|想换|要买|想要|落地|裸车|预算|月供(?:别|不|最|控|压|能|在|想|要|尽)|还能(?:再)?(?:还|贷|做|批)|再背|再供|车贷|到手|工资|收入"
)

_BOUGHT: Final = re.compile("买|办|贷|提|做|换了|开的|分期")
_DEAL: Final = re.compile(
    r"^\s?(?:首付|月供|利率|利息|年化|才|就|一个月|每个?月|贷|分|做|[\d一二两三四五][年成]|落地|裸车|他|她)"
)


def bought(said: str) -> bool:
    """Tell whether a friend's purchase is told."""
    return bool(_BOUGHT.search(said))


def tells_of_a_deal(said: str) -> bool:
    """Tell whether the clause goes on with the terms of that purchase."""
    return bool(_DEAL.match(said)) and not re.search("我|你|想|客户", said)


def is_seller(said: str) -> bool:
    """Tell whether the clause quotes this shop's own people, without taking their offer."""
    return bool(_SELLER.search(said))


def is_agreed(said: str) -> bool:
    """Tell whether the clause takes up what was offered."""
    return bool(_AGREED.search(said))


def is_hearsay(said: str) -> bool:
    """Tell whether the clause repeats what people say."""
    return bool(_HEARSAY.search(said))


def is_they(earlier: str, said: str) -> bool:
    """Tell whether she or he is a relative named before; of a 客户 it is the buyer."""
    return bool(_THEY.match(said) and RELATIVE.search(earlier) and "客户" not in earlier)


def is_of_kin(said: str, *, was_kin: bool) -> bool:
    """Tell whether credit, work and income in this clause are a relative's."""
    if m := _KIN_LEADS.match(said):
        return m["also"] is None and not _ABOUT_ME.search(said, m.end())
    return was_kin and not _MY_WORD.search(said)


def goes_on_about_kin(said: str) -> bool:
    """Tell whether a clause about a relative is about credit, work or income at all."""
    return bool(_THEIR_OWN.search(said))


def tells_of_old_loan(said: str) -> bool:
    """Tell whether the clause is the story of something bought on credit before."""
    return bool(_PAST_LOAN.search(said))


def wishes_anew(said: str) -> bool:
    """Tell whether the talk has turned to the car that is wanted now."""
    return bool(_NEW_WISH.search(said))
