"""How people write a medicine's name: slips, salts, strengths, packages, other languages; and 200 harmless names."""

import string

from nightdose.knowledge.listed_names import closing_classes, names
from nightdose.knowledge.medicines import recognise
from nightdose.knowledge.spelling import words

OPIOIDS = frozenset({"opioid", "opioid_long", "opioid_depot", "tramadol", "opioid_cough", "opioid_diarrhoea", "kratom"})
LISTED = [name for name in names() if name.group in OPIOIDS and name.kind not in ("stem", "part")]
IN_LETTERS = [name for name in LISTED if all(word.isascii() for word in words(name.name))]

SALTS = ("hydrochloride", "HCl", "phosphate", "sulphate", "tartrate", "citrate", "-HCl", " hydrobromide")
STRENGTHS = ("50mg", "30 mg", "8/500", "30/500", "500 mg/30 mg", "0.4 mg", "100", "25 mcg/h", "10 mg/5 ml", "2%")
PACKAGES = ("tabs", "tablets", "20 Stk", "30 caps", "drops", "Tropfen", "gouttes", "compresse", "retard", "SR", "XL",
            "patch", "x 2", "2 tablets", "N2", "syrup", "prn", "twice daily", "(box)", "forte", "plus")  # fmt: skip
LOOKALIKES = {"a": "а", "e": "е", "o": "о", "p": "р", "c": "с", "x": "х", "i": "і"}
ACCENTS = {"a": "á", "e": "é", "i": "ï", "o": "ö", "u": "ü", "c": "ç", "n": "ñ"}

HARMLESS = """
topiramate; Topamax 50 mg; amitriptyline 10mg; nortriptyline; duloxetine; Cymbalta 60; venlafaxine XR; pregabalin 75
mg; Lyrica; gabapentin 300; propranolol; Inderal LA; metoprolol; candesartan 8 mg; lisinopril; ramipril 5 mg;
amlodipine; losartan; valproate; lamotrigine; levetiracetam; Keppra; carbamazepine; Aimovig; Ajovy; Emgality;
rimegepant; Nurtec; botox; baclofen; tizanidine; cyclobenzaprine; fluoxetine; sertraline 50 mg; citalopram;
escitalopram; paroxetine; bupropion; mirtazapine; trazodone; clomipramine; hydroxyzine; quetiapine; aripiprazole;
methylphenidate; Ritalin; modafinil; amantadine; fampridine; oxybutynin; solifenacin; mirabegron; omeprazole;
pantoprazole 40 mg; esomeprazole; famotidine; ondansetron; metoclopramide; domperidone; metformin; insulin; Ozempic;
Mounjaro; atorvastatin; simvastatin; rosuvastatin; warfarin; apixaban; rivaroxaban; clopidogrel; furosemide;
hydrochlorothiazide; spironolactone; salbutamol; Ventolin inhaler; montelukast; cetirizine; loratadine 10 mg;
fexofenadine; diphenhydramine; melatonin 3 mg; zopiclone; zolpidem; diazepam; lorazepam; clonazepam; alprazolam;
ivabradine; estradiol patch; progesterone; the pill; Mirena; riboflavin 400 mg; vitamin B2; magnesium; magnesium
glycinate; coenzyme Q10; CoQ10 100 mg; vitamin D; vitamin D3 2000 IU; vitamin B12; folic acid; vitamin C; vitamin B
complex; multivitamin; iron; zinc; calcium; omega 3; fish oil; turmeric; curcumin; probiotic; creatine; alpha lipoic
acid; NAC; feverfew; butterbur; ginger; St John's wort; CBD oil; caffeine; coffee; amoxicillin; doxycycline;
azithromycin; nitrofurantoin; ciprofloxacin; valaciclovir; aciclovir; fluconazole; colchicine; allopurinol;
alendronate; biotin; ashwagandha; lithium; clonidine; prazosin; lidocaine patch; capsaicin; memantine; pyridostigmine;
midodrine; acamprosate; paracetamol; Paracetamol 500 mg; acetaminophen; Tylenol; Tylenol 500; Panadol; Panadol 500mg
tablets; Doliprane; Alvedon; ibuprofen; ibuprofen 400 mg; Advil; Nurofen 400; Motrin; Brufen; naproxen; Aleve;
aspirin; aspirin 81 mg; diclofenac; Voltaren gel; ketoprofen; celecoxib; etoricoxib; meloxicam; metamizole; Novalgin;
sumatriptan; Imigran; Maxalt; rizatriptan 10 mg; zolmitriptan; Relpax; naratriptan; Cafergot; Excedrin; Excedrin
Migraine; Thomapyrin; levothyroxine 75 mcg; Synthroid; liothyronine; dextromethorphan; Delsym; loratadin; Benadryl;
Sudafed; Mucinex; naltrexone 4.5 mg; LDN; LDN 1.5 mg capsules; low dose naltrexone; Metoprolol succinate; bisoprolol;
sitagliptin; empagliflozin; tamsulosin; finasteride; sildenafil; nifedipine; verapamil; flunarizine; pizotifen; oral
contraceptive; electrolytes; psyllium; glucosamine; L-theanine; 5-HTP; selenium; potassium
""".replace("\n", " ")
HARMLESS_NAMES = tuple(text.strip() for text in HARMLESS.split(";"))


def passes(text):
    """True when nothing of it would close a gate or be asked about."""
    return not any(found.group in closing_classes() | {"unknown"} for found in recognise(text))


def slips(name):
    """Every way to insert, leave out, replace, or swap with its neighbour one letter in a word of three or more."""
    for place, letter in enumerate(name):
        if not letter.isalpha():
            continue
        word = _word_around(name, place)
        if len(word) < 3:
            continue
        yield name[:place] + name[place + 1 :]
        if place + 1 < len(name) and name[place + 1].isalpha():
            yield name[:place] + name[place + 1] + letter + name[place + 2 :]
        for other in string.ascii_lowercase:
            yield name[:place] + other + name[place + 1 :]
            yield name[:place] + other + name[place:]


def _word_around(name, place):
    start, end = place, place
    while start > 0 and name[start - 1].isalpha():
        start -= 1
    while end < len(name) and name[end].isalpha():
        end += 1
    return name[start:end]


# what hostile or tired people write of what closes a gate, in words, shorthand, other scripts and other countries
CLOSING = """
Tramal long 100 #20; tramal retard 200mg; co-codamol 30/500 effervescent; co codamol 8/500; Paracetamol C; codipar;
T3s; T4's; Tylenol w/ codeine; percs; perc 10s; oxys; roxies; blues; vikes; norcos; lortabs; dillies; hydros; subs;
strips; suboxone film 8/2; bupe; buvidal monthly; Buvidal weekly 24; CAM2038; Norspan patch; Butrans 10; Transtec;
BuTrans 7 day; Sevredol; Oramorph 10mg/5ml; MST 30 BD; Zomorph; MXL; Longtec; Shortec; Targinact; Targin; Abtard;
kratom; kratom tea; ketum; 7-OH; 7-hydroxymitragynine; red bali; maeng da; tianeptine; tianna; ZaZa Red;
Neptune's fix; Stablon; loperamide 96 mg; Imodium x40; lope; Arret; poppy tea; poppy seed tea; PST; laudanum;
paregoric; kaolin and morphine;
J Collis Browne; tapentadol; Palexia SR; Nucynta; Yantil; LDN + tramadol; LDN, tramadol when needed; trаmadol; ΤRAMADOL;
τραμαδόλη; трамадол; Кодеин; Залдиар; Zaldiar; Ixprim; Doreta; Skudexa; Enanplus; Tramacet; Ultracet; Ultram ER; Conzip;
Nobligan; Tiparol; Gemadol; Mandolgin; Dolol; Contramal; Topalgic; Takadol; Zamudol; Tradonal; Dolzam; Adolonta; Travex;
Tioner; Poltram; Tramundin; Jutadol; Dafalgan Codeine; Klipal; Lindilane; Prontalgine; Lamaline; Izalgi; Algisedal;
Antarène codéine; Paralgin forte; Pinex forte; Aporex; Panocod; Citodon; Altermol; Treo comp; Kodimagnyl; Cocillana;
Cosylan; Ardinex; Panacod; Tilidin comp; Valoron N; Gelonida; Talvosilen; Nedolon P; Titretta; Azur compositum;
Dolomo TN; Codicaps; Paracodin; Tussipax; Néo-codion; Padéryl; Phenergan with codeine; lean; purple drank; sizzurp;
Tuxarin; Hycodan; Tussionex; Cheratussin; Robitussin AC; Actifed CC; Benylin with codeine; Codral; Panadeine;
Panadeine Extra; Mersyndol; Mersyndol Forte; Nurofen Plus; Solpadeine; Solpadeine Max; Syndol; Feminax; Paramol;
Co-dydramol; Remedeine; DF118; DHC Continus; Kapake; Zapain; Tylex; Solpadol; Codafen Continus; Migraleve pink; 222s;
222; 292; AC&C; Empracet 30; Lenoltec no 4; Emtec-30; Atasol 30; Exdol 15; Robaxacet 8; Robaxisal C; Fiorinal-C 1/4;
Talwin; Fortal; Fortwin; Sosegon; nalbuphine; Stadol NS; Abstral; Actiq; PecFent; Instanyl; Durogesic DTrans 12;
Matrifen; fetty; china white; dope; heroin; smack; H; methadose; dolophine; L-Polamidon; Physeptone; linctus;
Sublocade 300; Brixadi; Probuphine; Sixmo; Vivitrol; naltrexone implant; pethidine; Demerol; Dolantin; dipidolor;
Palladone; Hydal; Jurnista; Opana; Levo-Dromoran; Darvon; Distalgesic; Di-Antalvic; Doloxene; Depronal; opium;
B&O supprettes; Donnagel-PG; Lomotil; diphenoxylate/atropine; Motofen; Reasec; Viberzi; U-47700; krokodil; akuamma;
gabapentin & codeine; Sedalgin neo; Pentalgin; Пенталгин; Каффетин; Седалгин; Nurofen+; solpadein; 曲马多;
トラマドール; 可待因; トラムセット; リン酸コデイン; 트라마돌; ترامادول; קודאין; Proxyvon; Corex;
Phensedyl; Ultracet semi; tapal; Oxycocet; Endocet; Endone; Proladone; OxyContin OP 20; Xtampza; Apadaz; Vicoprofen;
Trezix; Synalgos-DC; Fioricet w/codeine;
Soma compound codeine; Belbuca; Zubsolv; Temgesic; Espranor; Bupensan; dexamethasone; Medrol dosepak; kenalog shot;
Depo-Medrol; Ocrevus; Kesimpta; Lemtrada; Mavenclad; Aubagio; Gilenya; Zeposia; MabThera; Truxima; Tysabri;
cortisone injection; epidural steroid injection; azathioprine; methotrexate; CellCept; Humira
""".replace("\n", " ")
CLOSING_NAMES = tuple(text.strip() for text in CLOSING.split(";"))
