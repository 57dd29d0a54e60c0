//! The words that decline.

use super::Sign;

/// Phrases, one list a sign and group of languages.
pub(super) const WORDS: &[(Sign, &str)] = &[
    (
        Sign::Cannot,
        "i can t|i cannot|i can not|i cant|i won t|i wont|i will not|i m unable to|i am unable to|im unable to\
         |i m not able to|i am not able to|im not able to|i m not going to|i am not going to|i refuse to\
         |i must refuse to|i m not willing to|i am not willing to|i m not permitted to|i am not permitted to\
         |i m not allowed to|i am not allowed to|i m not in a position to|i am not in a position to\
         |i d rather not|i would rather not|i d prefer not to|i would prefer not to|i prefer not to|i shouldn t\
         |i should not|i m not designed to|i am not designed to|i m afraid i can t|nothing i can\
         |something i can t|something i cannot|something i won t|not be appropriate for me to\
         |inappropriate for me to|not right for me to|not possible for me to|not be right for me to\
         |wrong for me to|irresponsible for me to|unethical for me to|not let me|don t let me|i _ can t\
         |i _ cannot|i _ won t|i _ will not|i was designed not to|i was built not to",
    ),
    (
        Sign::Cannot,
        "no puedo|no me es posible|me es imposible|no me esta permitido|no voy a|no estoy en condiciones de\
         |no estoy en posicion de|no soy capaz de|no debo|no podre|no deberia|no tengo permitido\
         |no tengo permiso para|no estoy autorizado a|no estoy autorizado para|no estoy autorizada a\
         |no estoy disenado para|no estoy programado para|no estoy dispuesto a|no me siento comodo\
         |no me siento comoda|debo negarme a|me niego a|tengo que negarme a|debo rehusar|prefiero no\
         |no seria apropiado que|no seria correcto|algo que no puedo|no la puedo|no lo puedo|no te puedo\
         |no le puedo|no los puedo|no las puedo|no os puedo|lamento no poder|siento no poder|lamentamos no poder\
         |no poder|no seria etico|seria irresponsable|no seria responsable|no esta permitido|no me permito\
         |no las voy a|no los voy a|no lo voy a|no la voy a",
    ),
    (
        Sign::Cannot,
        "je ne peux pas|je ne peux _ pas|je ne peux|je peux pas|je ne puis|je ne puis pas|je ne saurais\
         |je ne pourrai pas|je ne pourrais pas|je ne vais pas|je ne vais _ pas|je ne dois pas\
         |je ne suis pas en mesure|je ne suis _ pas en mesure|je ne suis pas capable|je ne suis pas autorise\
         |je ne suis pas autorisee|je ne suis pas cense|je ne suis pas concu pour|je ne suis pas habilite\
         |je ne suis pas dispose|je ne suis pas pret|je refuse|il m est impossible|il ne m est pas possible\
         |il m est _ impossible|il ne m est _ pas possible|il n est pas possible pour moi|je prefere ne pas\
         |je ne souhaite pas|je ne veux pas|je n ai pas le droit|je ne suis pas a l aise pour\
         |je ne me sens pas a l aise|pas quelque chose que je peux|pas quelque chose que je puisse\
         |quelque chose que je ne peux pas|je dois m abstenir|je ne le peux pas|je ne peux ni|je me refuse\
         |je regrette de ne pouvoir|de ne pas pouvoir|de ne pouvoir|il serait irresponsable|il serait inapproprie\
         |il ne serait pas approprie|il ne serait pas responsable|il serait contraire a l ethique",
    ),
    (
        Sign::Cannot,
        "non posso|ma non posso|ma non sono in grado di|non sono in grado di|non mi e possibile|non potro\
         |mi rifiuto di|devo rifiutarmi di|nao posso|nao consigo|nao sou capaz de|nao estou autorizado a\
         |nao me e possivel|nao vou|recuso me a",
    ),
    (
        Sign::CannotFirst,
        "can t|cannot|won t|cant|unable to|not able to|will not|not going to|not possible to|no es posible\
         |imposible|no se puede|impossible de|pas possible de|kann leider|kann nicht|non e possibile\
         |nao e possivel",
    ),
    (
        Sign::CannotAround,
        "ich kann|kann ich|ich darf|darf ich|ich werde|werde ich|ich mochte|mochte ich|ich will|will ich|ich bin\
         |bin ich|es ist mir|ist es mir|ist mir|mir ist es|ich sehe mich|ik kan|kan ik|ik mag|mag ik|ik zal\
         |zal ik|ik ga|ga ik|ik wil|ik ben|ben ik|ich sollte|sollte ich|werde dir|ich habe mich entschieden\
         |fur mich ist es|es ist mir leider|ich wurde|wurde ich|trotzdem mochte ich|konnte ich",
    ),
    (
        Sign::Not,
        "nicht|kein|keine|keinen|keinem|keiner|keinerlei|keines|ausserstande|unmoglich|niet|geen|lieber keine*\
         |keine* echte*",
    ),
    (
        Sign::Verb,
        "help|helping|write|writing|create|creating|generate|generating|provide|providing|produce|producing|share\
         |sharing|draft|drafting|compose|composing|translate|translating|invent|inventing|craft|crafting|engage\
         |engaging|contribute|role play|roleplay|pretend|supply|supplying|rewrite|rephrase|formulate|simulate\
         |imitate|impersonate|facilitate|add|output|give you instructions|give you examples|give instructions\
         |give examples|reproduce|write out|list|describe|portray|depict|put together|come up with|fill in|fill",
    ),
    (
        Sign::Verb,
        "helfen|weiterhelfen|behilflich sein|behilflich|schreiben|erstellen|verfassen|formulieren|liefern\
         |bereitstellen|ausgeben|produzieren|ubersetzen|erzeugen|mitwirken|beitragen|entwerfen|ausarbeiten\
         |zu schreiben|vorschlagen|nachahmen|erfinden|texten|wiedergeben|wiederzugeben|zu verfassen|zu erstellen\
         |zu formulieren|verknupfen|zusammenstellen|herausgeben|aufschreiben|ausdenken|zu liefern|zu generieren\
         |schildern|beschreiben",
    ),
    (
        Sign::Verb,
        "ayudar|ayudarte|ayudarle|ayudarlo|ayudarla|ayudaros|ayudarles|escribir|escribirte|escribirlo|escribirlos\
         |crear|crearlo|crearte|redactar|redactarlo|redactarte|producir|elaborar|proporcionar|proporcionarte\
         |proporcionarle|facilitar|facilitarte|participar|colaborar|traducir|inventar|componer|contribuir|simular\
         |imitar|ayude|escriba|cree|preparar|prepararte|completar esta|creando|escribiendo|generando|redactando\
         |inventando|reproducir|describir|rellenar|inventarme|recrear|detallar|idear|formular|generarlas\
         |generarlos|escribirlas",
    ),
    (
        Sign::Verb,
        "aider|ecrire|rediger|creer|produire|fournir|composer|proposer|participer|accompagner|traduire|inventer\
         |contribuer|partager|simuler|imiter|collaborer|elaborer|formuler|realiser|imaginer|preparer|reproduire\
         |decrire|remplir|completer|detailler|generer cela|concevoir|rappeler|rediger un|ecrire un",
    ),
    (
        Sign::Verb,
        "aiutare|aiutarti|aiutarla|scrivere|creare|produrre|fornire|fornirti|continuare|redigere|ajudar|ajuda lo\
         |ajuda la|escrever|criar|produzir|fornecer|redigir|te ajudar|schrijven|leveren|opstellen|verzinnen",
    ),
    (
        Sign::Do,
        "answer|answering|support|supporting|continue|continuing|accept|follow|make|making|do|doing|respond\
         |proceed|process|grant|honor|honour|complete|completing|offer|offering|return|perform|carry out|go along\
         |be part of|take part|participate|participating|beantworten|geben|anbieten|bearbeiten|tun|machen\
         |ubernehmen|fortfahren|fortsetzen|folgen|teilen|mitmachen|ausfuhren|unterstutzen|entsprechen|umsetzen\
         |dienen|hacer|hacerlo|seguir|responder|continuar|dar|darte|darle|completar|apoyar|apoyarte|ofrecer\
         |ofrecerte|ofrecerle|procesar|realizar|compartir|faire|repondre|continuer|donner|traiter|offrir\
         |poursuivre|preter|soutenir|rispondere|geven|maken",
    ),
    (
        Sign::Assist,
        "assist|assisting|comply|complying|fulfill|fulfil|fulfilling|accommodate|oblige|nachkommen|erfullen\
         |generieren|assistieren|nachgehen|asistir|asistirte|asistirle|cumplir|generar|generarte|atender|acceder\
         |satisfacer|generer|donner suite|satisfaire|vous assister|t assister|assister|assisterti|assisterla\
         |soddisfare|generare|assistere|gerar|cumprir|helpen|genereren|voldoen",
    ),
    (
        Sign::Small,
        "that says|which says|to|you|in|good|conscience|ethically|also|therefore|be|able|really|directly|simply\
         |just|with|either|legally|knowingly|going|ever|actually|that i can|and won t|or won t|or will not\
         |and will not|any|ich|dir|ihnen|te|le|les|lo|la|los|os|de|d|a|vous|y|t|en|me|que yo|yo|pas|donc\
         |por lo tanto|por tanto|directamente|ti|vi|lhe|di|pour|du|l|nem|ni|que je|leur|lui|toutefois|cependant\
         |hiermit",
    ),
    (
        Sign::Declines,
        "i decline|i must decline|i have to decline|i need to decline|i ll have to decline|i will have to decline\
         |i ll decline|i must respectfully decline|i have to respectfully decline|i respectfully decline\
         |i m going to decline|i am going to decline|i have to refuse|i must refuse|i have to pass\
         |i ll have to pass|i m going to pass|i don t write|i do not write|i don t create|i do not create\
         |i don t generate|i do not generate|i don t produce|i do not produce|i don t provide|i do not provide\
         |i don t help|i do not help|don t allow me|do not allow me|doesn t allow me|does not allow me\
         |prevent me from|prevents me from|don t permit me|do not permit me|i m declining|i am declining\
         |i ve decided not to|i have decided not to|i m choosing not to|i am choosing not to|i choose not to\
         |i chose not to|i have chosen not to|i must refrain|i ll refrain|i will refrain|i have to refrain\
         |i m not writing|i am not writing|i m not creating|i am not creating|i m not generating\
         |i won t be writing|i won t be creating|i won t be generating|i won t be providing|i won t be producing\
         |i don t engage|i do not engage|i won t be part|declining to|not something i can|not something i will\
         |not something i ll|not something i m|not something i am|t something i can|t something i will\
         |t something i ll|t something i m|nothing i can write|i m not comfortable writing\
         |i am not comfortable writing|i m not comfortable creating|i am not comfortable creating\
         |i m not comfortable generating|i am not comfortable generating|i m not comfortable producing\
         |i am not comfortable producing|not comfortable helping|feel comfortable writing\
         |feel comfortable creating|feel comfortable generating|feel comfortable producing\
         |feel comfortable helping|i m stopping here|i ll stop here|i will stop here|i have to stop here\
         |i must stop here|i have to draw|i draw the line|i m drawing the line|i m leaving out|i am leaving out\
         |out of the question for me|isn t one of them|is not one of them|aren t among them|content removed\
         |response removed|response refused|response withheld|output removed|request blocked|content blocked\
         |refused",
    ),
    (
        Sign::Declines,
        "ich lehne|lehne ich|ich muss ablehnen|ich muss _ ablehnen|ich muss _ _ ablehnen|ich muss _ _ _ ablehnen\
         |muss ich ablehnen|muss ich _ ablehnen|muss ich _ _ ablehnen|muss ich _ _ _ ablehnen\
         |ich unterstutze keine|unterstutze ich nicht|ich schreibe keine*|schreibe ich nicht|schreibe ich keine*\
         |ich erstelle keine*|erstelle ich nicht|erstelle ich keine*|ich verfasse keine*|verfasse ich nicht\
         |verfasse ich keine*|ich helfe nicht|ich helfe dir nicht|helfe ich nicht|helfe ich dir nicht\
         |ich formuliere keine*|formuliere ich nicht|ich generiere keine*|generiere ich nicht|ich liefere keine*\
         |erlauben es mir nicht|erlauben mir nicht|erlauben mir das nicht|gestatten es mir nicht\
         |gestatten mir nicht|verbieten es mir|verbieten mir|untersagen mir|untersagen es mir|lassen das nicht zu\
         |lassen es nicht zu|hindern mich|ich verzichte|ich sehe davon ab|davon sehe ich|ich weigere mich\
         |ich beteilige mich nicht|beteilige ich mich nicht|ist mir nicht gestattet|ist mir nicht erlaubt\
         |mir nicht gestattet|mir nicht erlaubt|kommt fur mich nicht|das mache ich nicht|mache ich nicht mit\
         |ich muss davon absehen|ich schreibe so etwas nicht|ich schreibe solche*|liefere ich keine*\
         |ich liefere nicht|gebe ich nicht|gebe ich keine*|ich gebe keine*|erfinde ich nicht|erfinde ich keine*\
         |ich erfinde keine*|entwerfe ich nicht|entwerfe ich keine*|ich entwerfe keine*|ubersetze ich nicht\
         |ubersetze ich keine*|ich ubersetze keine*|produziere ich nicht|produziere ich keine*\
         |ich produziere keine*|generiere ich keine*|formuliere ich keine*|erzeuge ich nicht|erzeuge ich keine*\
         |ich erzeuge keine*|biete ich nicht|biete ich keine*|das tue ich nicht|tue ich nicht\
         |ich wurde lieber keine*|wurde ich lieber keine*|ich wurde hier lieber keine*|ich mochte lieber keine*\
         |ist mir nicht moglich|mir nicht moglich|hore ich auf|breche ich ab|ich breche hier ab|ich hore hier auf\
         |inhalt entfernt|antwort verweigert|kommt nicht infrage|kommt nicht in frage",
    ),
    (
        Sign::Declines,
        "debo rechazar|tengo que rechazar|debo declinar|tengo que declinar|me veo obligado a rechazar\
         |rechazo escribir|rechazo crear|no escribo|no escribire|no creare|no genero|no generare|no redacto\
         |no redactare|no ayudare|no te ayudare|no ayudo|no produzco|no producire|no proporciono|no proporcionare\
         |no me permiten|no me lo permiten|me impiden|me prohiben|no me permite|je dois decliner|je decline\
         |je me dois de decliner|je dois refuser|je dois malheureusement refuser|je dois malheureusement decliner\
         |je suis contraint de refuser|je suis oblige de refuser|je suis dans l obligation de refuser\
         |je n ecrirai pas|je n ecris pas|je ne redige pas|je ne redigerai pas|je ne creerai pas|je ne cree pas\
         |je ne produirai pas|je ne produis pas|je ne fournirai pas|je ne fournis pas|je n aiderai pas\
         |je ne vous aiderai pas|je ne t aiderai pas|je ne genererai pas|je ne genere pas|ne me permettent pas\
         |ne me le permettent pas|m interdisent|m empechent|ne m autorisent pas|me abstengo|prefiero abstenerme\
         |debo abstenerme|declino|no lo hare|no participo|no participare|me abstendre|no colaboro|no colaborare\
         |je m abstiens|je prefere m abstenir|je ne participe pas|je ne participerai pas|je ne collabore pas\
         |je ne le ferai pas|je n ecris|je me refuse a|no es algo que|no es algo con lo que|no es algo en lo que\
         |contenido eliminado|contenido bloqueado|respuesta rechazada|respuesta denegada|me detengo aqui\
         |no es posible para mi|je m arrete ici|reponse refusee|demande refusee|contenu bloque|contenu supprime\
         |je ne propose pas|je n invente pas|je n inventerai pas|je n imagine pas|je n imite pas|je ne donne pas\
         |je ne donnerai pas|je ne traduis pas|je ne traduirai pas|je ne rediges pas|hors de question\
         |impossible pour moi|je m abstiendrai|je ne simule pas|je n en ecris pas",
    ),
    (
        Sign::Declines,
        "devo rifiutare|non mi permettono|devo recusar|nao me permitem|ik moet weigeren|ik moet dit weigeren\
         |staan mij niet toe",
    ),
    (
        Sign::Withheld,
        "i m skipping|i am skipping|i ve skipped|i have skipped|i skipped|i left out|i ve left out|i ve stopped\
         |i have stopped|has been withheld|was withheld|withheld|not generated|was not generated\
         |not been generated|not produced|bleibt leer|lasse ich aus|lasse ich weg|ich lasse diese|lasse ich leer\
         |nicht generiert|nicht erstellt|nicht erzeugt|wurde entfernt|verweigert|no ha sido generad*\
         |no se ha generad*|no fue generad*|no generad*|rechazada|denegada|omito|he omitido|dejo vacia\
         |dejo en blanco|queda vacia|queda fuera|reste vide|restera vide|laisse vide|je laisse de cote|j ai omis\
         |non genere|n a pas ete genere*",
    ),
    (
        Sign::Set,
        "against my programming|against my guidelines|against my content policy|against my _ guidelines\
         |against my policies|against my policy|unable to comply|request declined|request denied|request refused\
         |request rejected|outside my guidelines|violates my guidelines|violate my guidelines\
         |violates my _ guidelines|violate my _ guidelines|conflicts with my guidelines|not aligned with my\
         |i won t be able to fulfill|i was not designed to|i m not programmed to|i am not programmed to\
         |this request violates|that request violates|this request goes against|that request goes against\
         |your request violates|your request goes against|this prompt violates|this content violates\
         |no text generated|no content generated|content withheld|i will not fulfill|this request asks\
         |this request involves|request not fulfilled|cannot comply|can t comply|outside what i can\
         |outside of what i can|beyond what i can|not within my|outside my|outside the scope of what i\
         |off limits for me|i can only help with|i can only assist with|i can only write|the model declined\
         |the model refused|model declined to|model refused to|the model declines|the model refuses\
         |within what i m allowed|within what i am allowed|what i m allowed to|what i am allowed to\
         |falls outside of that|fall outside of that|within what i m able|within my guidelines\
         |content policy violation|blocked by content|blocked by safety|helpful and harmless|harmless ai\
         |harmless assistant",
    ),
    (
        Sign::Set,
        "verstosst gegen meine|verstossen gegen meine|widerspricht meinen|widersprechen meinen\
         |gegen meine richtlinien|gegen meine _ richtlinien|anfrage abgelehnt|anfrage verweigert\
         |bei dieser anfrage kann ich nicht|nicht mit meinen richtlinien|nicht mit meinen _ vereinbar\
         |darauf bin ich nicht ausgelegt|ausserhalb dessen was ich|ausserhalb meiner|liegt ausserhalb\
         |nicht vereinbar mit meinen|nicht mit meinen grundsatzen|entspricht nicht meinen|dafur bin ich nicht",
    ),
    (
        Sign::Set,
        "va en contra de mis|van en contra de mis|va contra mis|infringe mis|viola mis|incumple mis\
         |solicitud rechazada|solicitud denegada|peticion rechazada|rechazo esta solicitud\
         |esta solicitud infringe|esta solicitud incumple|esta solicitud viola|esta solicitud va en contra\
         |contraviene mis|no puedo atender esta|no puedo generar ese|va a l encontre de mes\
         |vont a l encontre de mes|contraire a mes|contraires a mes|enfreint mes|viole mes|demande rejetee\
         |requete refusee|je refuse cette demande|cette demande enfreint|cette demande va a l encontre\
         |cette demande est contraire|ne puis donner suite|ne peux pas donner suite|ne peux donner suite\
         |fuera de lo que puedo|fuera de mis|no se ajusta a mis|no cumple con mis|sort du cadre de ce que\
         |sort de mes|hors de mes|n est pas compatible avec mes|ne respecte pas mes|depasse ce que je peux\
         |contrevient a mes",
    ),
    (
        Sign::Set,
        "contro le mie linee|viola le mie|richiesta rifiutata|non posso soddisfare questa|contra as minhas\
         |viola as minhas|pedido recusado|nao posso atender|tegen mijn richtlijnen|in strijd met mijn\
         |verzoek geweigerd",
    ),
];
