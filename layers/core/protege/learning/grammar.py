"""Words of grammar: they are in every second question and say nothing of its subject."""

WORDS = """
a about after all also am an and any are as at be because been before being but by can could did do
does doing for from get give had has have having he her here him his how i if in into is it its just
let may me might must my no not of off on one only or our out please shall she should so some tell
than that the their them then there these they this those to too up us want was we were what when
where which while who whom whose why will with would you your s t m re ve ll d don
а без бы был была были было быть в вам вас ваш ваша вы где да для до его ее ей ему если есть еще же
за и из или им их к как какая какие какой какое когда который которая которые кто куда ли либо мне
мной можно могу может мой моя мои мы на над надо нам нас наш не него нее нет ни них но ну нужно о об
он она они оно от откуда по под подскажите пожалуйста почему при про с свой себя скажите со сколько
так такое там те тебя то того тоже той только том ты тут у уже хочу чего чем что чтобы чье чья эта
эти это этого этот я
"""

GRAMMAR = frozenset(WORDS.split())
