/**
 * The words by which a text says STOP, START or HELP, in lower case and without accents (`wordsOf`). Seven languages: one
 * list for all of them, since nobody says in which language a text is; a word stands here only where it means the same, or
 * nothing, in the others.
 */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/**
 * Ends what is going on. The words of CTIA (Messaging Principles, 5.1.3) and Twilio ("Support for opt-out keywords": STOP,
 * STOPALL, OPTOUT, REVOKE, ARRET…), and how people say the same.
 */
export const STOP = words(`
  stop stopall stopit stops stopping sotp stpo tsop stahp optout revoke cease desist
  stopper stoppez stoppe arretall cesser cessez cesse
  stoppen stoppt aufhoren schluss
  basta parar paran pararem parais paren pare parad parem chega detener detengan detenga dejarde parade pararde
  smettere smetti smettete smettila smettetela smettano smetta smettetelo smetterla smetterlo fermatevi fermate finitela finiscila
  ophouden stopt kappen opgehouden`);

/** Drawn out or doubled, with the next word grown onto it, and the forms of `arrêter`. */
export const STOP_SHAPE =
  /^(?:(?:stop)+(?:svp|stp|merci|please|pls|bitte|gracias|grazie|sms|texto|pubs?|promos?)*|sto+p+|ar+et+(?:e|er|es|ez|ent)?)$/;

/** Says of itself that it is about being written to: heard anywhere in a text. The beginning of a word, misspelled or not. */
export const UNSUBSCRIBE_SHAPE =
  /^(?:unsu[bscri]{2,8}(?:e|es|er|ing)?$|unsub$|optmeout$|desabon|desinscri|abmeld|abgemeldet$|abbestell|austragen|afmeld|uitschrijv|desuscri|desapunt|disiscri|descadastr|desinscrev|dedebaja$)/;

/** As a text's own words STOP; within a sentence about other things: `cancel my appointment`, `end of the month`. */
export const STOP_ALONE = words(`
  cancel end quit remove delete unsubscribed retirez supprimez enlevez effacez resilier resiliation halte
  kundigen kundigung beenden ende loschen losche entfernen entfernt
  baja cancelar alto para fin anular borrar annuler annulez
  annulla disdire disdetta cancella
  opzeggen beeindigen einde verwijder verwijderen
  sair remova removam retirem`);

/** Asks to be taken off a list, where it comes first. */
export const REMOVE_ME = words(`
  removeme borrenme borrame eliminenme eliminame quitenme quitame cancellami cancellatemi cancellarmi rimuovimi rimuovetemi
  rimuovermi toglietemi toglimi`);

/** No `YES` or `OUI`: those answer whatever was asked last. Who said STOP asks for advertising in so many words to get it again (GDPR Art. 4(11)). */
export const START = words(`
  start unstop restart subscribe resubscribe starten reabonner reabonnement reinscrire reinscription reabonnez reinscrivez
  alta iniciar reanudar suscribir suscribirme iscrivermi iscrivimi iscrivetemi aanmelden inschrijven anmelden inscrever`);

/** CTIA: HELP and INFO; French operators: CONTACT (AF2M), which has to be answered with who advertises. */
export const HELP = words('help aide info infos contact hilfe ayuda aiuto ajuda');

/** What is not to be: before a stop it turns it round, also with words of `LINK` between. */
export const NEGATION = words(`
  not dont don cant cannot couldnt wont wouldnt shouldnt didnt doesnt isnt arent havent never without nonstop did
  ne n pas jamais sans non
  nicht nie niemals kein keine keinen ohne
  no nunca jamas sin
  mai senza
  niet nooit geen zonder
  nao nem sem`);

/** Those that also turn round what stands before them: `arrêtez pas`, `hören Sie nicht`, `stop niet`. */
export const NEGATION_AFTER = words('pas jamais nicht niet nooit niemals');

/** May stand between a negation and what it turns round. */
export const LINK = words(`
  t you u to want wants wish like need think ever please pls this that it them all be him her me us i would will do so just should let
  vous tu je j te m l d s veux voulez voudrais souhaite faut a de les la le surtout svp plait il qu que cela ca y peux pouvez
  sie du ich mich mir bitte zu es das die den damit auf jetzt mochte will wollen dass ihr
  se lo los las me darme dar les ustedes quiero quieran favor por que
  di mi ci vi la lo voglio volete favore per prego
  je jullie ik hem het er met aub ajb alsjeblieft alstublieft graag wil
  o os as eu quero querem`);

/** Unable to: about unsubscribing it says that somebody wants to (`je n’arrive pas à me désabonner`). */
export const UNABLE = words(`
  cant cannot unable couldnt impossible arrive arrives peux peut reussis kann konnte puedo riesco posso lukt kan consigo`);

/** With a negation behind it a threat, not a wish to go on: `if you don’t stop texting me`. */
export const IF = words('if unless si sinon wenn falls als se');

/** What may come before what somebody wants, and says nothing of it. */
export const LEAD = words(`
  please pls plz plse kindly thanks thank thx ty you u ya yous guys folks could can would will may should must need just simply
  sorry apologies excuse pardon ok okay k hey hi hello dear good morning evening afternoon no nope now then so well again really
  seriously finally immediately yo omg lol wtf ffs i im me id want wanna wish d like to a and
  how what whats way do make it let lets have enough asked asking begging beg ask told tell are is that for once all
  merci svp stp s il vous te plait plais de d avance veuillez bonjour bonsoir salut bonne journee madame monsieur coucou
  moi m je j veux voudrais voulais souhaite souhaiterais aimerais desire demande demander demandons prie priere t tu toi
  pouvez pourriez pourrais peux peut pouvoir vouloir possible serait est ce c que qu faut faudrait falloir desole desolee desoles juste
  simplement alors bon bien enfin maintenant immediatement excusez excuse comment faire fait pour a ca suffit allez euh non
  et donc y encore et
  bitte danke sie ihr du ich mir mich dass konnten konnen konntest kannst kann konnt wurden wurde wollen will mochte mochten hallo
  guten tag morgen abend lieber liebe leute entschuldigung entschuldigen sorry einfach nur sofort jetzt endlich mal doch bitten
  zu damit nein also und wie ja halt es mit hiermit darum um
  por favor porfavor porfa gracias hola buenos buenas dias tardes noches puede pueden puedes podeis podria podrian podrias
  quiero quisiera querria gustaria perdon perdona perdone perdonen disculpe disculpen disculpa lo siento solo simplemente ya
  que os les le se pido ruego rogamos hagan el la senores como darme mas
  per favore perfavore piacere cortesia grazie prego salve ciao buongiorno buonasera potete puoi puo potreste potresti potrebbe
  vorrei voglio vogliamo scusi scusa scusate dispiace gentilmente cortesemente di vi ti chiedo la adesso ora solo subito
  semplicemente e come posso
  alstublieft alsjeblieft aub ajb graag dank bedankt dankje je jullie u kunt kun kan kunnen zou zouden wil willen wilt mag moet
  hallo hoi beste goedendag goedemorgen gewoon nu even direct meteen gelieve te ik hiermee ermee daarmee nee hoe en er eens
  obrigado obrigada ola oi bom boa dia tarde noite pode podem poderia poderiam podes podiam queria quero gostaria desculpe
  desculpa desculpem voces voce eu so apenas agora imediatamente favor peco`);

/** Asks for the very next word, wherever it stands. */
export const ASKING = words(
  'please pls plz plse svp stp merci veuillez bitte favor porfa porfavor favore aub ajb graag gelieve',
);

/** Pointing at what follows. */
export const DETERMINER = words(`
  the these this your all any those my more such further
  les vos ces la le l des cette tous toutes votre mes aux
  die der das den diese dieses ihre eure alle meine weitere
  los las sus estos estas todos todas su
  i gli le questi queste vostri tutti
  deze alle jullie uw
  os as estas suas essas`);

/** What we send, and what sending is called. */
export const MESSAGES = words(`
  text texts texting txt txts txting message messages messaging msg msgs sms smses mms mail mails mailing email emails emailing send
  sending sends write writing contact contacting spam spamming bother bothering bombard bombarding harass harassing advert adverts
  ad ads advertising marketing promo promos promotion promotions offers newsletter newsletters notification notifications getting
  receiving receive
  texto textos pub pubs publicite publicites offre offres courriel courriels envoi envois envoyer envoyez envoie ecrire ecrivez
  contacter contactez harceler deranger importuner solliciter recevoir notif notifs demarchage relance relances infolettre
  nachricht nachrichten werbung werbesms angebote schreiben schicken senden zusenden zuschicken anzuschreiben belastigen
  kontaktieren spammen erhalten benachrichtigungen anschreiben
  mensaje mensajes publicidad propaganda enviar enviarme enviando mandar mandarme mandando escribir escribirme escribiendo correo
  correos recibir molestar molestarme molestando contactar contactarme ofertas promociones boletin mensajitos
  messaggi messaggio pubblicita mandare mandarmi inviare inviarmi scrivere scrivermi disturbare disturbarmi contattare
  contattarmi ricevere promozioni offerte
  bericht berichten berichtjes reclame sturen stuur schrijven mailen appen aanbiedingen nieuwsbrief spammen ontvangen smsen
  mensagem mensagens publicidade escrever enviem mandem receber contatar contactar incomodar promocoes anuncios`);

/** What else can be stopped: `don’t stop my order` is about something else, and so is `stop my order`. */
export const OTHER_THING = words(`
  order orders delivery deliveries parcel package shipment payment payments bus train tram car work
  commande commandes livraison colis paiement bus travail maladie
  bestellung lieferung paket zahlung
  pedido entrega paquete pago
  ordine consegna pacco pagamento
  bestelling levering pakket betaling
  encomenda pagamento`);

/** What politeness and habit put around a word that is all that is said; digits aside. */
export const POLITE = words(`
  please pls plz thanks thank thx you me i want to would like it this
  merci svp s il vous te plait de d avance veuillez bonjour bonsoir salut hello hi hey dear madame monsieur ok moi m je j veux
  voudrais souhaite aimerais demande cordialement regards
  sms texto textos message messages pub pubs publicite publicites promo promos ces cette ce vos votre les la le l des du
  a au aux the these your all tout toute tous toutes now maintenant immediatement
  bitte danke ich mochte sofort jetzt alle werbung nachrichten mir mich zu
  por favor gracias quiero ya mensajes publicidad el lo
  per favore grazie prego vorrei subito messaggi
  alstublieft alsjeblieft aub ajb graag bedankt dank ik wil nu
  obrigado obrigada quero agora mensagens`);

/** How one asks for it again in so many words; beside `POLITE`. */
export const ASKING_AGAIN = words(`
  could can again kindly sending texts texting my service
  pouvez pourriez pouvoir nouveau encore recommencer
  konnen konnten sie wieder
  puede pueden podrian otra vez nuevo
  potete nuovo kunt opnieuw weer podem novo`);

const WRITTEN = `(?:text|message|contact|email|e mail|mail|spam|bother|sms|write|write to|msg)`;
const SENT = `(?:texts?|messages?|sms|emails?|mails?|ads?|adverts?|advertising|promos?|promotions?|offers?|newsletters?|spam|marketing|msgs?)`;

/**
 * The same without such a word, as whole words of a clause: "any reasonable means" by which somebody makes clear that they
 * want no more (47 CFR 64.1200(a)(10)).
 */
export const PHRASES: readonly RegExp[] = [
  new RegExp(`\\bno more ${SENT}\\b`),
  new RegExp(`\\b(?:do not|dont|never) (?:ever )?${WRITTEN} (?:me|us|this|here|again|anymore|any more)\\b`),
  /\b(?:do not|dont|never) (?:ever )?send (?:me|us) (?:any|more|these|this|your|texts?|messages?|sms|emails?|mails?|spam|ads)\b/,
  new RegExp(
    `\\b(?:do not|dont|no longer) (?:want|wish|need)(?: to (?:receive|get|have))?(?: (?:any|more|your|these|this|such|further|anymore|of|all))* ${SENT}\\b`,
  ),
  /\b(?:take|get) (?:me|my number) off\b/,
  new RegExp(`\\bquit (?:${WRITTEN}|texting|messaging|contacting|emailing|sending|spamming|bothering)\\b`),
  new RegExp(`\\bcancel (?:all |these |the |your |my subscription to (?:the |these |your )?)*${SENT}\\b`),
  /\b(?:remove|delete) (?:me|my (?:phone |mobile |cell )?number|my (?:name|details|e ?mail|address))\b/,
  /\bleave me alone\b/,
  /\bopt me out\b/,
  /\b(?:ne|n) .*\bplus (?:\w+ ){0,3}(?:recevoir|ecrire|envoyer|contacter|solliciter|deranger|importuner|harceler|messages?|sms|textos?|pubs?|publicites?|mails?|promos?|offres?)\b/,
  /\bne plus (?:\w+ ){0,3}(?:recevoir|ecrire|envoyer|contacter|solliciter|deranger|importuner|harceler)\b/,
  /\b(?:ne )?m (?:ecrivez|ecris|envoyez|envoie|contactez|contacte) plus\b/,
  /\bne me (?:contactez|contacte|sollicitez|derangez|harcelez|spammez|textez) (?:plus|pas)\b/,
  /^(?:(?:non|svp|merci|bonjour|stp) )*plus (?:de |d |aucun |aucune )(?:messages?|sms|textos?|pubs?|publicites?|mails?|promos?|offres?|notifs?)\b/,
  /\b(?:laissez|laisse) moi tranquille\b/,
  /\b(?:fichez|foutez|fous|lachez|lache) moi\b/,
  /\b(?:retirez|enlevez|supprimez|effacez|retirer|enlever|supprimer|effacer) (?:moi|mon numero|mon nom|mes (?:donnees|coordonnees))\b/,
  /\bme (?:retirer|enlever|supprimer|effacer) de (?:votre|vos|la|cette|ces) (?:\w+ )?listes?\b/,
  /\bne (?:pas|plus) me (?:contacter|ecrire|envoyer|solliciter|deranger)\b/,
  /\bne (?:veux|souhaite|desire) (?:pas|plus) (?:recevoir )?(?:de |d |vos |ces |aucun |aucune )*(?:messages?|sms|textos?|pubs?|publicites?|mails?|promos?)\b/,
  /\bne (?:veux|souhaite|desire) (?:pas|plus) (?:etre|recevoir)\b/,
  /\bkeine?n? (?:\w+ ){0,2}(?:sms|nachrichten?|werbung|mails?|emails?|newsletter|angebote) mehr\b/,
  /\bnicht mehr (?:\w+ ){0,2}(?:schreiben|kontaktieren|senden|schicken|anschreiben|belastigen|zusenden)\b/,
  /\b(?:schreib|schick|send|kontaktier)\w* (?:\w+ ){0,4}(?:nicht|nichts) mehr\b/,
  /\b(?:keine|will keine) werbung (?:bitte|mehr)\b|^(?:bitte )?keine werbung$/,
  /\b(?:losch|entfern)\w* (?:sie )?(?:bitte )?(?:mich|meine (?:nummer|daten))\b/,
  /\b(?:will|mochte|wollen|mochten) (?:das|die|diese sms|diese nachrichten) nicht mehr\b/,
  /\bvon (?:der|ihrer|eurer) liste (?:streichen|nehmen|loschen|entfernen)\b/,
  /\b(?:nehmen sie|nimm|nehmt) mich (?:bitte )?(?:aus|von)\b/,
  /\blass\w* (?:sie )?mich (?:bitte )?in (?:ruhe|frieden)\b/,
  /\b(?:no|nunca) (?:me |mas )?(?:escrib|envi|mand|contact|molest)(?:an|as|eis|en|es)(?:me)?\b/,
  /\bno (?:quiero|deseo|queremos) (?:\w+ ){0,3}(?:mensajes?|sms|publicidad|correos?|propaganda|ofertas|promociones|spam)\b/,
  /\b(?:no|ni un|ningun) mas (?:\w+ )?(?:mensajes?|sms|publicidad|correos?|propaganda|spam)\b/,
  /\b(?:dejen me|dejenme|dejadme|dejame|deje me) (?:en paz|tranquil[ao])\b/,
  /\b(?:dar|dame|den|denme|deme|dad|dadme|darme|darse|demen|doy|pido|solicito|quiero) (?:me )?(?:de )?(?:la )?baja\b/,
  /\b(?:borr|elimin|quit|saqu)\w+ (?:por favor )?(?:mi (?:numero|telefono|contacto)|me)\b/,
  /\bnon (?:voglio|desidero|vogliamo) (?:\w+ ){0,3}(?:messaggi|sms|pubblicita|mail|email|promozioni|offerte|spam)\b/,
  /\bnon (?:mi )?(?:scriv|mand|invi|contatt|disturb)\w* (?:\w+ ){0,2}piu\b/,
  /\bnon (?:mi (?:scrivete|scriva|scrivere|contattate|contatti)|(?:scrivete|contattate|disturbate|scriver|contattar)mi)\b/,
  /\b(?:niente|nessun|nessuna) (?:piu )?(?:messaggi|messaggio|sms|pubblicita|mail|email|spam)\b/,
  /\blasci(?:ate)?mi in pace\b/,
  /\b(?:cancell|rimuov|elimin)\w+ (?:il )?mio numero\b/,
  /\bgeen (?:\w+ )?(?:sms|smsjes|berichten|berichtjes|reclame|mails?|emails?|spam) meer\b/,
  /\bniet meer (?:\w+ ){0,2}(?:sturen|schrijven|mailen|smsen|appen|contacteren|benaderen|ontvangen)\b/,
  /\b(?:stuur|schrijf|mail|sms|app|benader) (?:\w+ ){0,3}(?:niet|geen|niets)(?: \w+)? meer\b/,
  /\bhaal (?:me|mij) (?:\w+ )?(?:van|uit)\b/,
  /\blaat (?:me|mij) met rust\b/,
  /\bverwijder (?:me|mij|mijn (?:nummer|gegevens))\b/,
  /\bnao (?:me )?(?:envi|mand|escrev|contact|contat|incomod)(?:em|e|am|a)\b/,
  /\bnao (?:quero|desejo|queremos) (?:\w+ ){0,3}(?:mensagens?|sms|publicidade|e ?mails?|promocoes|spam)\b/,
  /\b(?:nao quero|nao desejo) (?:mais )?receber\b/,
  /\bdeix\w+ me em paz\b|\bme deix\w+ em paz\b/,
  /\b(?:remov|retir|apag|elimin)\w+ (?:o )?meu (?:numero|contacto|contato)\b/,
  /\b(?:tir|retir)\w+ me da\b|\bme (?:tir|retir)\w+ da\b/,
];

/** Written in parts, or cut in two by the words between; brought to one word before a text is read. */
export const JOINED: readonly (readonly [RegExp, string])[] = [
  [/\b(do|does|did|ca|wo|could|would|should|is|are|have)n t\b/g, '$1nt'],
  [/\bopt(?:ing)?[\s-]+(?:me[\s-]+)?out\b/g, 'optout'],
  [/\b(?:un|de)[\s-]+subscribe\b/g, 'unsubscribe'],
  [
    /\bho(?:e)?r(?:en|t|e|st)?(?: (?:sie|ihr|du|bitte|doch|endlich|mal|jetzt|sofort|damit|einfach|nun))* auf\b/g,
    'aufhoren',
  ],
  [/\baufzuhoren\b|\baufhoeren\b|\baufgehort\b/g, 'aufhoren'],
  [/\bmeld(?:en|et|e)?(?: (?:sie|ihr|bitte))* (?:mich|uns)(?: bitte)? (?:\w+ ){0,3}ab\b/g, 'abmelden'],
  [/\babzumelden\b/g, 'abmelden'],
  [/\btrag(?:en|t|e)?(?: (?:sie|bitte))* mich (?:\w+ ){0,3}aus\b/g, 'austragen'],
  [/\bbestell(?:en|e|t)?(?: \w+){1,4} ab\b/g, 'abbestellen'],
  [/\bhoud?(?:t)?(?: (?:u|je|jullie|nou|nu|eens|daar|er))* (?:mee )?op\b/g, 'ophouden'],
  [/\bschrijf (?:me|mij)(?: \w+)? uit\b/g, 'uitschrijven'],
  [/\bmeld (?:me|mij)(?: \w+)? af\b/g, 'afmelden'],
  [/\bafgemeld\b|\bafmelde\b/g, 'afmelden'],
  [/\bkap (?:er)?mee\b/g, 'kappen'],
  [/\b(?:dej(?:a|e|en|ad|ar|es|eis)|deix(?:a|e|em|ar)) de\b/g, 'dejarde'],
  [/\bpara(?:r)? (?:de|com)\b/g, 'pararde'],
  [/\bpara ya\b/g, 'pare'],
  [/\b(?:la|lo) (smetta|smettano|smettete|smettere|smetti|finisca|finite)\b/g, 'smettere'],
  [/\bde baja\b/g, 'dedebaja'],
  [/\bmi dispiace\b/g, 'dispiace'],
  // A question that asks for it.
  [/\b(?:cant|couldnt|wont|wouldnt|why dont) you\b/g, 'can you'],
];
