"""Names that differ between English and Spanish: organisations, countries, words of institutions."""

from __future__ import annotations

# Acronyms of one organisation, folded, Spanish and English.
_ACRONYMS = """
acnur unhcr,oim iom,oms who,ops paho,pma wfp,onu un,oit ilo,ficr ifrc,cicr icrc,pnud undp, onusida
unaids,ue eu,eeuu us usa,ong ngo,ongs ngos,vbg gbv,vih hiv,sida aids,ods sdg,bid idb,bm wb,cepal eclac,
ocha ocah,pib gdp,pcr cpr,osc cso,msf dwb,rdc drc,rca car,cidh iachr,fmi imf,otan nato,cpi icc,cij icj
"""

# One meaning, Spanish and English, folded; only words that occur inside names.
_WORDS = """
ministerio ministry,salud health,educacion education,gobierno government,mujer women mujeres, poblaciones
populations,vulnerables vulnerable,interior home,exteriores foreign,relaciones affairs relations,
naciones nations,unidas united unidos,estados states,superintendencia superintendence superintendency,
migraciones migration migrations migratoria,nacional national,nacionales nationals,regional,republica
republic, presidente president,instituto institute,defensa defence defense,civil,policia police,fuerzas
forces,armadas armed, comision commission,comite committee,alto high,comisionado
commissioner,organizacion organization organisation, mundial world global,internacional
international,plan,respuesta response,refugiados refugee refugees, migrantes migrant migrants,agencia
agency,oficina office,fondo fund,infancia children,alimentos food,programa program programme,desarrollo
development,trabajo labour labor,derechos rights,humanos human,humanitaria humanitarian,cruz cross, roja
red,media crescent,luna,norte north northern,sur south southern,este east eastern,oeste west
western,america americas, latina latin,caribe caribbean,direccion directorate direction,departamento
department,provincia province, distrito district,municipalidad municipality,region,frontera border,centro
centre center,seguro insurance, integral comprehensive,social,inclusion,emergencia emergency,estado
state,consejo council,seguridad security, asamblea assembly,general,secretario secretary,informe
report,grupo group,banco bank,union,europea european, africana african,mision mission,proteccion
protection,justicia justice,agricultura agriculture,agua water, santo saint san,nueva new nuevo,gran
great,rio river,lago lake,mar sea,oceano ocean,isla island islas islands
"""

# Countries whose names differ, folded, then those written alike; for names at the start of a sentence.
_COUNTRIES = """
brasil brazil,belice belize,haiti,republica dominicana,panama,espana spain,francia france, alemania
germany,italia italy,suiza switzerland,suecia sweden,noruega norway,belgica belgium,canada,japon japan,
turquia turkey turkiye,siria syria,irak iraq,iran,jordania jordan,libano lebanon,egipto egypt,libia
libya, tunez tunisia,marruecos morocco,argelia algeria,etiopia ethiopia,kenia kenya,sudan,somalia,camerun
cameroon, chad,niger,nigeria,malí mali,burkina,senegal,mozambique,zimbabue zimbabwe,zambia,malawi
malaui,madagascar, afganistan afghanistan,pakistan,india,nepal,myanmar birmania,filipinas
philippines,camboya cambodia,tailandia thailand,ucrania ukraine,rusia russia,polonia poland,moldavia
moldova,rumania romania,hungria hungary, grecia greece,yemen,palestina palestine,israel,uganda,ruanda
rwanda,burundi,tanzania,congo,angola, sudafrica,ghana,togo,benin,guinea,liberia,eritrea,yibuti
djibouti,peru,venezuela,colombia,ecuador,chile,
bolivia,argentina,uruguay,paraguay,cuba,honduras,guatemala,nicaragua,mexico,guyana,surinam suriname,
bangladesh,indonesia,vietnam,china,corea korea,mongolia,georgia,armenia,azerbaiyan azerbaijan,kazajstan
kazakhstan,uzbekistan,tayikistan tajikistan,chipre cyprus,islandia iceland,irlanda ireland,dinamarca
denmark, finlandia finland,austria,portugal,holanda netherlands
"""

# Countries with the stems or names of their people, where those are not the country's name and a usual ending.
_PEOPLES = """
honduras hondur,guatemala guatemaltec guatemalteco guatemalteca guatemaltecos guatemaltecas,salvador,nicaragua
nicaragu,mexico mexic,panama panaman panamanian panamanians panamen,dominicana dominican,ecuador ecuator,venezuela
venezol,argentina argentin argentine argentines argentino argentinos,paraguay paraguayo paraguaya paraguayos
paraguayas,uruguay uruguayo uruguaya uruguayos uruguayas,haiti hait,afghanistan afganistan afghan afgan,siria syria
sirio sirios sirias,irak iraq iraqu,libano lebanon leban liban,turquia turkey turkiye turk turks turkish turco turca
turcos turcas,palestina palestine palestin,yemen yemenit yemenita yemenitas,ucrania ukraine ukrain,somalia somal,kenia
kenya keniata keniatas,niger nigerien nigeriens,burkina burkinabe,mozambique mozambic,myanmar birmania burmese
birman,filipinas philippines filipino filipina filipinos filipinos,francia france french frances francesa,alemania
germany german alemana aleman,espana spain spanish espanol espanola espanoles,suiza switzerland swiss suizo
suizos,suecia sweden swedish sueco,noruega norway norwegian noruego,rusia russia ruso rusa rusos,polonia poland polish
polaco,grecia greece greek griego,china chinese chino chinos
"""


def _groups(table: str) -> list[list[str]]:
    return [group.split() for group in table.replace("\n", " ").split(",")]


EQUIVALENT: dict[str, frozenset[str]] = {}
"""Folded word of a name → the words that stand for it in either language, itself included."""
for _group in _groups(_ACRONYMS) + _groups(_WORDS) + _groups(_COUNTRIES) + _groups(_PEOPLES):
    for _word in _group:
        EQUIVALENT[_word] = EQUIVALENT.get(_word, frozenset()) | frozenset(_group)

COUNTRIES = frozenset(word for group in _groups(_COUNTRIES) + _groups(_PEOPLES) for word in group) - {
    "republica",
    "dominicana",
    "jordan",
}
# What turns a country into its people or language, English and Spanish.
DEMONYM = frozenset(
    """s n ns an ans ian ians ese nese lese i is vian vians ean eans no na nos nas ano ana anos anas iano iana ianos
    ianas eno ena enos enas leno lena lenos lenas ino ina inos inas is esa esas es ense enses nese eses uano""".split()
)
