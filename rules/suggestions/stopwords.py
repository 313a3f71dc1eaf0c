"""Words that say nothing of what work is about, in a few languages; what else is frequent weighs little by itself."""

_ENGLISH = """
about above after again all also although always and another any anyone anything are around because been before being
below between both but can cannot could did does doing done don down during each either else even ever every few for
from further get gets getting give given going got had has have having her here him his how however into its itself
just keep let like likely made make makes making many may maybe might more most much must need needed needs never new
nor not nothing now off often once one only onto other others our out over own per please put rather really same see
seem seems she should since some something still such sure take than thanks that the their them then there these they
thing things this those though through too try two under until upon use used uses using via very want wants was way
well were what when where whether which while who whom why will with within without won would yes yet you your
able actually already currently instead issue issues item ticket tickets task todo work works working
expected actual behavior behaviour result results step steps reproduce description summary acceptance criteria
"""
_GERMAN = """
aber alle als auch auf aus bei beim bis bzw damit dann das dass dem den der des die dies diese dieser durch ein eine
einem einen einer eines für hat haben hier ich ihr ihre ist kann keine mehr mit muss nach nicht noch nur oder ohne
schon sein sich sie sind soll sollte über und uns unter vom von vor was wenn werden wie wir wird wurde zum zur
"""
_FRENCH = """
afin alors aussi avec car cela ces cet cette comme dans des donc elle est être fait ici les leur leurs mais même nos
notre nous par pas peut plus pour qui que quand sans ses son sont sur tout tous très une vers vos votre vous
"""
_SPANISH = """
como con cuando del desde donde ella ellos entre esta este esto está están hay las los más muy nos para pero por porque
puede que ser sin sobre son sus también una uno ya
"""
_PORTUGUESE = """
ao aos com como das dos ele ela em essa esse esta este não nas nos num para pela pelo por quando que são
se sem seu sua uma você
"""

STOP_WORDS = frozenset(" ".join((_ENGLISH, _GERMAN, _FRENCH, _SPANISH, _PORTUGUESE)).split())
