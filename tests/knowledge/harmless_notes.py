"""Synthetic notes as tired people write them, none about an opioid or an operation: 342 in English, 151 in German."""

ENGLISH = """
slept 7h 40, up at 8am; vitamin B12 and D3; walked 5 m 30 s; BP 120/80, HR 64; M T W T F all bad; A. B. C.
exercises; J. R. R. Tolkien in bed; plan a b c d e; L5 S1 disc, C5/C6 pain; e.g. the stairs, i.e. tired; met with
Dr. O. C. Smith; e-bike 20 km; M25 traffic, two hours; l8r, gr8 day; g0od night, h0t bath; $5 coffee, @home all day;
I a m f i n e; can't sleep, we'll see; smacked my toe; hubbies and kids out; oxygen level 97; 3D film, then
headache; day 1, no 2 today; IP address wrong again; slept badly again; woke at 4 and could not get back; vivid
dreams about the sea; headache behind the left eye; long walk with the dog; rain all day, joints ache; stress at
work; argued with my sister; period started; day 2 of period; a bit better than yesterday; much worse after lunch;
too much coffee; two glasses of wine; forgot breakfast; felt almost normal; brain fog until noon; legs heavy; pins
and needles in my feet; cold hands; could not stop it; pain travels from hip to knee; travel day, 6 hours by train;
took the one tram to town; walked 500 m long way round; 222 steps only, stayed in bed; physio said to stretch more;
GP appointment next week; phoned the nurse; blood test this morning; TSH was fine; started vitamin D; ran out of
magnesium; new pillow; the neighbours were loud; fever gone; a cold coming; covid test negative; flu jab; sore arm
after the jab; stomach cramps; nausea in the evening; no appetite; ate too much sugar; cooked for eight; birthday
party; garden all afternoon; back hurts from gardening; yoga helped; swim, 20 lengths; meditation 15 min; tension in
the neck; the state of my knees; a decade younger today; revenge of the stairs; shorter night than planned; copied
notes for the doctor; codes for the parking app; closed the curtains, dark room; undone by the heat; hot flushes;
melon and yoghurt; nothing but a melody in my head; margin of the day was good; herein lies the trouble; a heron at
the pond; heroic effort to clean the kitchen; read about the Pentagon; parade in town, stood for hours; pardon the
handwriting; ultra tired; dollar store trip; karate with the kids; aboard the ferry, seasick; fencing lesson; fennel
tea; depends on the weather; state of mind low; cried for no reason; lonely; friend visited; laughed a lot; good
mood; a bit anxious; panic in the supermarket; took it at 22:30; took the capsule late; forgot the capsule; dose
moved to 21:00; capsule with food; took ibuprofen 400; two paracetamol; sumatriptan worked after an hour; magnesium
glycinate; melatonin 3 mg; itchy skin; rash on arm; dry mouth; eyes burn; light hurts; noise hurts; aura for 20
minutes; clear head; sharp pain when breathing in; restless legs; pacing all night; nothing special; lean meat and
rice; brown bread for lunch; subs for lunch; two subs from the shop; on the subs bench all match; felt the blues;
blues concert; blue day; a bit of brown sugar in it; smoked brown trout; brown rice again; lean on my stick; drank
lean milk; took a sub to work; got a sub for dinner; took the blues away; shot down again at work; on the gear lever
for hours, knee sore; sipped tea; poured syrup on pancakes; horse riding; took the tram; tar on my shoes; popped out
for milk; perks of the job; poppy seed bagel; 7 o'clock again; oh dear; code in a book; not us in the photo; people
I met had one; method one from physio; took the rubbish out; knee gave out; teeth cleaned; brushed my teeth; new
knee brace; new hip hop class; kidney beans; new shoulder bag; knee sore. Removed shoes; took out piles of paper;
removed the tooth brush head; chicken breasts removed from the freezer; trimmed my toenails; pulled a muscle in my
knee; thyroid out of range; put the dog to sleep; labour party on TV; the op shop; op-ed in the paper; hips out of
alignment; had my hair done; got my nails done; had my eyes tested; knees done in; knee exercises done; had my teeth
whitened; took my retainer out; hip opener yoga; cut out gluten; cut out thyroid meds; replaced the knee strap;
repaired the fence; fixed my bike; eye drops in; had the baby shower; delivered a parcel; scope of work; lump in my
throat; removed make-up; wrist brace removed; took out the hip belt; arm wrestled; back out again; wisdom of crowds;
table leg repaired; lunch out with her; appendix of the book; knee socks pulled up; teeth clenched all night; kidney
infection, antibiotics; new disc exercises; hip hop; cataracts slowly worse; cod liver oil; Novaminsulfon 500; poppy
seed muffin; short ec; tylenol 500; codex; coding all day; oxygen; morphing; normal; percussion practice; vicar
visited; lean to the left; metal done; subway; trampoline with kids; trauma therapy; a dome of pain; code review;
margin call; propane bbq; fenugreek tea; fennel; solo trip; lorry ride; nor coffee nor tea; sub zero outside; brown
leaves; blues on the radio; oh no 7 hours; tea with poppy; horse on the field; tar sands docu; dope film; gear for
hiking; perk up; perks me up; done and dusted; pops came by; tango lesson; line of poetry; bag of crisps; hit of
coffee; dose of sun; on the blue line; took the blue line; shot of espresso; popped a balloon; smoked salmon;
crushed garlic; swallowed water; cup of cocoa; took two trams to work; took the sub to the game; watched the subs;
off the gear; took the bins out; hip hurts; new trainers; knee ok; hair removed; weeds removed; replaced the
battery; fixed dinner; removed my glasses; eyes tested; teeth whitening; lunch out; ran out of milk; back to work;
scan clear; blood test; dentist check-up; hygienist; physio; massage; acupuncture; MRI knee; x-ray wrist;
ultrasound; eye test; smear test; hearing test; mammogram; vaccination; haircut; nails done; birthday; wedding;
funeral; moved house; new job; exam; car serviced; car repaired; delivery came; parcel delivered; labour day; garden
work; travelled to Oslo; flight; camping; period; migraine; cold; fever; stress; argument; concert; cinema; op-shop;
had the kids; had the grandkids over; stone in my shoe removed; splinter removed; tick removed; plaster removed;
cast of the play; stitched a quilt; dropped a stitch; drain blocked; drain unblocked; coil of rope; port wine;
screen replaced; knee pads on
"""
GERMAN = """
z.B. die Treppe, d.h. müde; B 12 Spritze; S-Bahn zu spät, U-Bahn 7; Fenster geputzt; Mohnkuchen bei Oma; P.S. alles
gut; L 4 und L 5 tun weh; E-Bike 20 km; usw. u.s.w.; Note 2 in Mathe; schlecht geschlafen; um vier wach, nicht mehr
eingeschlafen; lebhafte Träume; Kopfweh hinter dem linken Auge; langer Spaziergang mit dem Hund; Regen, Gelenke
schmerzen; Stress in der Arbeit; Streit mit meiner Schwester; Periode hat begonnen; zweiter Tag der Periode; etwas
besser als gestern; nach dem Essen viel schlechter; zu viel Kaffee; zwei Gläser Wein; Frühstück vergessen; fast
normal gefühlt; Nebel im Kopf bis mittags; Beine schwer; Kribbeln in den Füßen; kalte Hände; konnte nicht aufhören;
davon wird mir schlecht; dieselben Schmerzen wie am Montag; in den gelben Blättern gelaufen; auf den Felsen
geklettert; neue Felgen gekauft; stoppt nach einer Stunde; Methode vom Therapeuten geübt; Motoren vor dem Haus, kein
Schlaf; Karton geschleppt, Rücken; Herrin über meine Zeit; Harmonie zu Hause; Natron gegen Sodbrennen; Proteine
gegessen; vegane Pizza; mit der Straßenbahn, eine Tram verpasst; Parade in der Stadt; 500 m lang gelaufen; Tragödie
im Fernsehen; tapfer gewesen; Krokodil im Zoo gesehen; Dekade der Müdigkeit; Termin beim Hausarzt; Physio hat
gedehnt; Blut abgenommen; Schilddrüse in Ordnung; Vitamin D angefangen; Magnesium ausgegangen; neues Kissen;
Nachbarn laut; Fieber weg; Erkältung im Anzug; Coronatest negativ; Grippeimpfung; Arm tut weh nach der Impfung;
Bauchkrämpfe; abends übel; kein Appetit; zu viel Zucker; für acht gekocht; Geburtstag gefeiert; den ganzen
Nachmittag im Garten; Rücken vom Garten; Yoga half; 20 Bahnen geschwommen; meditiert; Verspannung im Nacken; Treppen
waren zu viel; Hitze; Wechseljahre, Hitzewallungen; Melone gegessen; Tee mit Fenchel; kommt auf das Wetter an;
Stimmung schlecht; ohne Grund geweint; einsam; Freundin zu Besuch; viel gelacht; gute Laune; etwas Angst; Panik im
Supermarkt; um 22:30 genommen; Kapsel spät genommen; Kapsel vergessen; Uhrzeit verschoben auf 21:00; Kapsel zum
Essen; Ibuprofen 400 genommen; zwei Paracetamol; Sumatriptan half nach einer Stunde; Melatonin 3 mg; Haut juckt;
Ausschlag am Arm; trockener Mund; Augen brennen; Licht tut weh; Lärm tut weh; Aura 20 Minuten; klarer Kopf; Stechen
beim Einatmen; unruhige Beine; nachts herumgelaufen; nichts Besonderes; nach Hause gefahren; Zug verspätet; Reise
nach Oslo; lange am Schreibtisch; müde, ultra müde; Einkauf geschafft; Wäsche aufgehängt; Buch gelesen; Musik
gehört; Knoten gemacht; große Augen gemacht; neue Schulterbandage; neue Knie-Übungen; Galle kam hoch; Zahn geputzt;
er war in Hamburg; Platte geputzt; Unfallversicherung angerufen; Schulter lange gedehnt; Messer geschliffen; unter
der Decke; Schrauben ins Regal gedreht; Zähne zusammengebissen; Mandeln gegessen; gebrannte Mandeln; Hüfte zwickt;
Knie dick; Star im Garten; Polypen im Fernsehen; Müll raus; früh raus; Kinder raus in den Garten; Niere gut, sagt
der Arzt; Brustschwimmen; Steine geschleppt; neue Platte gehört; Braunbrot; brauner Zucker; blau gemacht
"""


def notes(text):
    return tuple(" ".join(note.split()) for note in text.split(";"))
