"""Words of grammar: they are in every second question and say nothing of its subject, but much of
its language."""

from collections.abc import Iterable

_ENGLISH = """
a about after all also am an and any are as at be because been before being but by can could did do
does doing for from get give had has have having he her here him his how i if in into is it its just
let may me might must my no not of off on one only or our out please shall she should so some tell
than that the their them then there these they this those to too up us want was we were what when
where which while who whom whose why will with would you your s t m re ve ll d don
"""
_RUSSIAN = """
а без бы был была были было быть в вам вас ваш ваша вы где да для до его ее ей ему если есть еще же
за и из или им их к как какая какие какой какое когда который которая которые кто куда ли либо мне
мной можно могу может мой моя мои мы на над надо нам нас наш не него нее нет ни них но ну нужно о об
он она они оно от откуда по под подскажите пожалуйста почему при про с свой себя скажите со сколько
так такое там те тебя то того тоже той только том ты тут у уже хочу чего чем что чтобы чье чья эта
эти это этого этот я
"""
_FOREIGN = """
aber auch auf aus bei beim bitte das dass dein deine dem der des du ein eine einem einen einer er
es für gibt habe haben hast ich ihr im ist kann kannst kein keine können man mein meine meinen mich
mir mit nach nicht noch nur oder ohne schon sein sich sie sind um und uns vom von wann warum was
welche welchen welcher welches wenn wer werden wie wieso wird wo wurde zu zum zur über
al algún como cómo con cuál cuáles cuándo cuánto cuántos de del desde dónde donde el ella en entre
era eres esta está este esto estoy favor fue ha hace hacer hay la las le lo los me mi mis muy más
nos nosotros para pero por porque puede puedo que quiero quién qué se ser si sin sobre soy su sus
también te tengo tiene tu tus un una unos usted y ya yo él
au aux avec avez c ce ces cette comment dans de depuis des elle en est et faire il ils j je l la le
les leur lui ma mais mes moi mon même n ne notre nous où ou par pas peut peux plus pour pourquoi qu
quand que quel quelle qui sa sans se ses sont suis sur ta te tes toi ton tous tout très tu un une
veux voudrais vous vos votre y à être
alla che chi ci come cosa da dal dalla degli dei del della delle di dove e gli ho il io la le lei lo
loro ma mi mia mio nel nella non noi o per perché posso può quale quali quando quanto questa questo
se si sono su sua suo tu un una voglio è
ao aos as com como da das de do dos e ela ele em essa esse este eu isso mais mas me meu minha na nas
não no nos o onde os ou para pela pelo por posso pra quais qual quando quanto quem quero que se sem
ser seu sou sua são também tem tenho um uma você é
aan als bij dan dat de deze die dit een en er geen heb heeft het hij hoe ik je kan maar met mijn
naar niet nog om ook op te uit van voor waar wanneer waarom wat wel welke wie wij worden zijn zo
a ale albo bo być chcę ci co czy dla do gdzie go i ile jak jaka jaki jakie jest jestem już kiedy kto
która który ma mam mi mnie mogę moje mój można na nie o od oraz po pod przez przy się są ta tak tam
te ten to tu ty w z za że
"""
_MEANT = "die ton son mon par plus sin pas sur op"

ENGLISH = frozenset(_ENGLISH.split())
FOREIGN = frozenset(_FOREIGN.split())
"""German, Spanish, French, Italian, Portuguese, Dutch, Polish."""
MEANT = frozenset(_MEANT.split())
"""Of these, words that say something in English."""
GRAMMAR = ENGLISH | frozenset(_RUSSIAN.split()) | (FOREIGN - MEANT)


def foreign_share(words: Iterable[str]) -> float:
    """How much of a text in Latin letters is in another language than English, 0 to 1: by its
    words of grammar and letters with marks; 0 where it has neither. `words`: in lower case."""
    english = foreign = 0
    for word in words:
        if word in ENGLISH:
            english += word not in FOREIGN
        elif word in FOREIGN or not word.isascii():
            foreign += 1
    return foreign / (english + foreign) if foreign else 0.0
