//! What else models say when they decline: of themselves, of what was asked for, and in return.

use super::Sign;

/// Phrases, one list a sign and group of languages.
pub(super) const WORDS: &[(Sign, &str)] = &[
    (
        Sign::That,
        "with that|with this|with it|that one|this one|that|this|to that|to this|for that|for this|in this\
         |in that|so|dabei|damit|hierbei|dazu|hierzu|das|dies|darauf|hierauf|dem|con eso|con esto|con ello|en eso\
         |en esto|eso|esto|a ello|avec cela|avec ca|a cela|en cela|cela|ca|la dessus|sur ce point|sur cela\
         |dans cette demarche|con questo|con cio|in questo|questo|com isso|nisso|isso|daarmee|hiermee|daarbij\
         |hierbij|dat|dit|these|those|those ones|ceci|de cela",
    ),
    (
        Sign::Asked,
        "this request|that request|your request|the request|such a request|such requests|requests|request\
         |that content|this content|content that|such content|of content|any content|content like\
         |content designed|content intended|content meant|messages that|messages which|messages designed\
         |messages intended|messages meant|messages like|message that|message which|message designed\
         |message intended|texts that|texts which|texts designed|texts like|text that|emails that|emails designed\
         |email that|reviews that|anything that|material that|such messages|such texts|such a message|such a text\
         |such emails|such material|such a thing|these messages|these texts|those messages|those texts\
         |kind* of message*|kind* of content|kind* of text*|kind* of material|kind* of request*|kind* of email*\
         |kind* of writing|kind* of post*|kind* of review*|type* of message*|type* of content|type* of text*\
         |type* of material|type* of request*|type* of email*|type* of post*|type* of review*|sort* of message*\
         |sort* of content|sort* of text*|sort* of material|sort* of request*|sort* of email*|this prompt\
         |that prompt|this task|that task|fabricated|on behalf of|realistic|the text you|the texts you\
         |what you asked|what you re asking|what you are asking|what you requested|what you describe\
         |writing messages|creating messages|creating texts|writing texts|rows for|dataset|targeting|targets\
         |aimed at|meant to|designed to|intended to|explicit|requested text|requested content|requested message*\
         |requested example*|text requested|content requested|data set|classifier|training data|training example*\
         |training sample*|sample for|example for|samples for|negative example|this row|that row|these rows\
         |the row|rows|this class|the class|that class|this label|the label|this category|that category\
         |the category|these examples|this sample|this example|that example|an example|a sample|asks me to\
         |asks for|asking for|asked me to|of this type|of that type|of this nature|of that nature|of this kind\
         |of that kind|this nature|creative writing|in the style of|the next row*|remaining row*|this entry\
         |this field|a text in which",
    ),
    (
        Sign::Asked,
        "diese* anfrage*|dieser anfrage|deine* anfrage|deiner anfrage|ihre anfrage|ihrer anfrage|anfragen\
         |die anfrage|der anfrage|anliegen|aufforderung|inhalt|inhalte|inhalten|solche* text*|solche* inhalt*\
         |solche* nachricht*|solche* anfrage*|solche* mail*|solche* botschaft*|solche* aussage*\
         |solche* anleitung*|solche* bewertung*|solche* beitr*|solche* thema|solche* schreiben|derartig*|so etwas\
         |sowas|art von nachricht*|art von text*|art von inhalt*|art von anfrage*|art text*|art inhalt*\
         |art nachricht*|art anfrage*|art mail*|nachrichten die|nachricht die|nachrichten in denen|texte die\
         |text der|texte in denen|texten die|e mails die|mails die|mail die|diesen text|diese texte|diesen texten\
         |diese nachrichten|diese nachricht|diesen wunsch|diesem wunsch|deinem wunsch|ihrem wunsch|diese aufgabe\
         |dieser aufgabe|diesen auftrag|diese bitte|dieser bitte|anleitung*|erfundene*|droh*|prompt|rollenspiel*\
         |worum du|was du|im namen|gewunschte* text*|gewunschte* nachricht*|gewunschte* inhalt*|angefordert*\
         |verlangt von mir|die klasse|der klasse|dieser klasse|diese klasse|diese kategorie|dieser kategorie\
         |die kategorie|der kategorie|diese zeile|dieser zeile|datensatz|klassifikator*|trainingsdaten\
         |trainingsbeispiel*|beispiel fur|beispiele fur|negatives beispiel|diese beispiele|dieses beispiel\
         |dieser art|in denen|in dem jemand|in der jemand|diese instruktion|diese anweisung|dieser anweisung",
    ),
    (
        Sign::Asked,
        "esta solicitud|esa solicitud|tu solicitud|su solicitud|dicha solicitud|solicitudes|esta peticion\
         |esa peticion|tu peticion|su peticion|peticiones|contenido|contenidos|tipo de mensaje*\
         |tipo de contenido*|tipo de texto*|tipo de solicitud*|tipo de peticion*|tipo de material*\
         |tipo de correo*|clase de mensaje*|clase de contenido*|clase de texto*|clase de solicitud*\
         |tales mensajes|tales textos|tales contenidos|mensajes que|mensaje que|textos que|texto que|correos que\
         |estos mensajes|esos mensajes|estos textos|esos textos|este mensaje|ese mensaje|este texto|ese texto\
         |lo que me pides|lo que pides|lo que solicitas|lo que me pide|lo que solicita|esta tarea|esa tarea\
         |esta instruccion|instrucciones para|destinados a|disenados para|resenas que|en nombre de\
         |contenido solicitado|texto solicitado|mensaje solicitado|ejemplo solicitado|lo solicitado|me pide\
         |me pides|esta fila|esa fila|la fila|esta clase|la categoria|esta categoria|esa categoria|esta etiqueta\
         |la tarea|conjunto de datos|clasificador|datos de entrenamiento|ejemplos para|ejemplo para|ejemplo de\
         |de este tipo|de ese tipo|de esta indole|de esa naturaleza|de esta naturaleza|estos ejemplos\
         |este ejemplo|ese ejemplo|la instruccion",
    ),
    (
        Sign::Asked,
        "cette demande|votre demande|ta demande|telle demande|demandes|cette requete|votre requete|ta requete\
         |requetes|contenu|contenus|type de message*|type de contenu*|type de texte*|type de demande*\
         |type de requete*|type de mail*|genre de message*|genre de contenu*|genre de texte*|genre de demande*\
         |genre de requete*|sorte de message*|sorte de contenu*|sorte de texte*|types de message*\
         |types de contenu*|types de texte*|de tels message*|de tels texte*|de tels contenu*|de tels propos\
         |de telles demandes|un tel message|un tel texte|un tel contenu|messages qui|message qui|textes qui\
         |texte qui|mails qui|messages destines|message destine|messages visant|message visant|textes visant\
         |textes destines|ces messages|ces textes|ces phrases|ce message|ce texte|cette tache|cet exercice\
         |cette instruction|instructions pour|au nom de|ce que vous me demandez|ce que vous demandez\
         |ce que tu me demandes|ce que tu demandes|avis qui|texte demande|contenu demande|message demande\
         |exemple demande|exemples demandes|cette ligne|la ligne demandee|cette classe|la classe|cette categorie\
         |la categorie|cette etiquette|jeu de donnees|classifieur|donnees d entrainement|exemple pour\
         |exemples pour|de ce type|de ce genre|de cette nature|ces exemples|cet exemple|la consigne|me demande\
         |me demandez|me demandes|m invite a|message poussant|messages poussant|celle ci|une demande a laquelle\
         |une requete a laquelle",
    ),
    (
        Sign::Asked,
        "richiesta|contenut*|questo tipo di|quel tipo di|messaggi che|testi che|truff*|dannos*|pedido|solicitacao\
         |conteudo*|esse tipo de|mensagens que|textos fraudulentos|golpe*|prejudicia*|verzoek|inhoud|dit soort\
         |dat soort|zulke|dergelijke|berichten die|teksten die|oplicht*|misleidend*",
    ),
    (
        Sign::Text,
        "on that|on this|message|messages|text|texts|sms|email|emails|example|examples|sample|samples|content\
         |material|review|reviews|complaint|complaints|script|dialogue|instructions|letter|letters|post|posts\
         |nachricht|nachrichten|texte|beispiele|mails|beitrage|sms nachrichten|rezension*|bewertung*|mensaje\
         |mensajes|texto|textos|ejemplos|correos|resenas|textes|exemples|courriels|phrases|avis|messaggi|testi\
         |mensagens|exemplos|berichten|teksten|examples of|these instructions|those instructions|this kind of\
         |that kind of|la solicitud|la peticion|la demande",
    ),
    (
        Sign::Model,
        "as an ai language|as an ai model|as an ai assistant|as an ai i|as an ai developed|as an ai system\
         |as an ai chatbot|as an ai it|as an ai my|as an ai created|as an ai trained|as a language model\
         |as a large language model|as a responsible ai|as a helpful assistant|as an artificial intelligence\
         |as a text based ai|as an assistant i|as a virtual assistant i|as an ai text|i am an ai|i m an ai\
         |i m just an ai|i m only an ai|i m a language model|i am a language model|i am just an ai\
         |i am only an ai|being an ai|i m a large language model|i am a large language model|i am programmed to\
         |i m programmed to|i was programmed to|i am designed to be|i m designed to be",
    ),
    (
        Sign::Model,
        "als ki kann|als ki bin|als ki darf|als ki habe|als ki werde|als ki ist|als ki system|als ki mochte\
         |als ki unterstutze|als ki schreibe|als ki lehne|als eine ki|als kunstliche intelligenz|als sprachmodell\
         |als ein sprachmodell|als ki sprachmodell|als ki assistent*|als ki modell|als grosses sprachmodell\
         |ich bin eine ki|ich bin ein sprachmodell|ich bin nur ein sprachmodell|ich bin nur eine ki\
         |als assistent kann ich|als ki kann ich",
    ),
    (
        Sign::Model,
        "como modelo de lenguaje|como un modelo de lenguaje|como modelo de ia|como ia no|como ia debo|como ia me\
         |como ia mis|como ia solo|como ia tengo|como una ia|como inteligencia artificial\
         |como una inteligencia artificial|como asistente de ia|como asistente virtual no|como asistente no\
         |soy una ia|soy un modelo de lenguaje|soy una inteligencia artificial\
         |como modelo de inteligencia artificial|como modelo linguistico|en tant que modele|en tant qu ia\
         |en tant qu intelligence|en tant qu assistant|en tant qu une ia|je suis une ia|je suis un modele\
         |je suis une intelligence artificielle|je ne suis qu une ia|comme modele de langage|etant une ia",
    ),
    (
        Sign::Model,
        "come modello linguistico|come modello di linguaggio|in quanto modello|in quanto ia|come ia\
         |come intelligenza artificiale|sono un modello linguistico|como modelo de linguagem|como uma ia\
         |sou um modelo de linguagem|sou uma ia|als ai|als taalmodel|als een ai|ik ben een ai\
         |ik ben een taalmodel",
    ),
    (
        Sign::Policy,
        "my guidelines|my _ guidelines|my _ and _ guidelines|my policies|my policy|my _ policy|my _ policies\
         |my programming|my training|my instructions|my safety|my ethical|my principles|my purpose|my values\
         |my core|my role|my capabilities|my abilities|my limitations|my design|content policy|content policies\
         |usage policies|usage policy|safety guidelines|ethical guidelines|content guidelines|safety policy\
         |responsible ai|meine richtlinien|meinen richtlinien|meiner richtlinien|meine _ richtlinien\
         |meinen _ richtlinien|meine vorgaben|meinen vorgaben|meine grundsatze|meinen grundsatzen\
         |meine programmierung|meiner programmierung|meine nutzungsrichtlinien|meinen nutzungsrichtlinien\
         |meine sicherheit*|meinen sicherheit*|meine ethischen|meinen ethischen|inhaltsrichtlinien|meine aufgabe\
         |mis directrices|mis politicas|mis normas|mis pautas|mi programacion|mis principios|mis valores\
         |mi funcion|mi proposito|mis instrucciones|mis lineamientos|politicas de contenido|politica de contenido\
         |politicas de uso|directrices de seguridad|mis limites|mes directives|mes consignes|mes regles\
         |mes principes|ma programmation|mes lignes directrices|mes valeurs|mon role|ma politique|mes conditions\
         |regles de securite|politique de contenu|mes limites|mes instructions|le mie linee guida\
         |le mie politiche|minhas diretrizes|minhas politicas|mijn richtlijnen|mijn beleid\
         |the guidelines i follow|the rules i follow|the safety guidelines|guidelines i follow|rules i follow\
         |policies i follow|what i m allowed|what i am allowed",
    ),
    (
        Sign::Against,
        "goes against|go against|going against|violates|violate|would violate|conflicts with|contravenes|breaches\
         |verstosst gegen|verstossen gegen|verstosse|widerspricht|widersprechen|va en contra|van en contra\
         |infringe|infringen|contraviene|vulnera*|va a l encontre|vont a l encontre|enfreint|enfreignent\
         |contrevient|est contraire a",
    ),
    (
        Sign::Harm,
        "harm|harmful|illegal|unethical|deceive|deceives|deceptive|mislead|misleading|fraud|fraudulent|hateful\
         |hate|hatred|hate speech|discriminatory|discrimination|discriminates|threaten|threatens|threatening\
         |malicious|violence|violent|inappropriate|scam|scams|phishing|smishing|spam|manipulate|manipulative\
         |abuse|abusive|harass|harassment|harassing|defraud|impersonates|impersonating|identity theft|dangerous\
         |weapons|stereotypes|demean|demeaning|derogatory|defamatory|misinformation|disinformation|exploit\
         |exploits|dishonest|scare people|scare someone|trick people|trick someone|tricks people|real person\
         |real people|slurs|personal information|personal data|bully|bullying|stolen|malware|unsafe|untrue|false\
         |threat|threats|insult|insults|insulting|offensive|fake|fabricate|fabricating|manipulation|manipulating\
         |misrepresent*|self harm|weapon|extort*|blackmail*|intimidat*|stalking|shames|humiliat*|ridicule*\
         |disparag*|sexual*|bypass*|racist|sexist|antisemit*|encourages|suicide|suicidal|explosive*|bomb*|weapon*\
         |terror*|extremis*|minors|a minor|underage|grooming|porn*|pornographic|drugs|poison*|hurt themselves\
         |hurt someone|hurt somebody|hurt people|kill*|propaganda|jokes about|jokes that|mock|mocks|mocking\
         |private address*|home address*|personal details|doxx*|ransom*|bribe*|trafficking|torture|conspirac*\
         |counterfeit*|hacking|hack into|steal|stealing|libel*|slander*|smear*|one star reviews|child safety\
         |privacy|kidnap*|abduct*",
    ),
    (
        Sign::Harm,
        "schad*|illegal*|unethisch*|tausch*|irrefuhr*|betrug*|betrugerisch*|hass*|diskriminier*|bedroh*|drohung*\
         |gewalt*|unangemessen*|manipul*|missbrauch*|belastig*|beleidig*|gefahrlich*|verletz*|phishing*|spam*\
         |falsch*|gefalscht*|verletzend*|erpress*|rassist*|sexist*|herabwurdig*|desinformation*|mobbing\
         |identitatsdiebstahl|rufschadigend*|verleumd*|einschucht*|dano|daninos|danino|danina|ilegal*|poco etic*\
         |enganar|engane|enganen|enganos*|fraude|fraudulent*|odio|discrimin*|amenaz*|violencia|violento*\
         |inapropiad*|estafa*|acos*|abus*|peligros*|ofensiv*|suplant*|difam*|perjudic*|timo|timar|insult*|timos\
         |humill*|extorsi*|falso|falsos|falsas|falsa|acoso|desinform*|racista*|sexista*|mentir|menosprec*|suizid*\
         |selbstmord*|selbstverletz*|sprengstoff*|bombe*|bomben*|waffe*|minderjahrig*|porno*|sexuell*|drogen\
         |giftig*|judenfeindlich*|volksverhetz*|fremdenfeindlich*|frauenfeindlich*|witze uber|privatadress*\
         |private adress*|personliche* daten|personenbezogen*|losegeld*|mord*|anschlag*|verschworung*|stehlen\
         |hetze|hetzerisch*|parolen|verspott*|hassrede|privatsphare|suicid*|autolesi*|autolesion*|explosiv*\
         |bomba*|arma|armas|terroris*|menores|menor de edad|drogas|veneno*|chantaj*|chistes sobre|bromas sobre\
         |burla*|burlen|datos personales|privacidad|domicilios|robar|xenofob*|calumni*|vejatori*|machista*\
         |homofob*|suplantar|secuestr*|entfuhr*",
    ),
    (
        Sign::Harm,
        "nuire|nuisible*|illegaux|ethique|tromper|trompe|trompeu*|fraud*|arnaque*|haine|haineu*|menac*|violence*\
         |violent*|inapproprie*|malveill*|hameconnage|harcel*|dangereu*|offensant*|prejudic*|usurp*|escroqu*\
         |diffam*|nocif*|ingann*|schade*|mislei*|bedrieg*|injur*|humili*|faux|fausse|fausses|arnaqu*|diffamat*\
         |racist*|chantage|intimid*|denigr*|mensong*|explosi*|arme|armes|mineurs|mineur|sexuel*|drogue*\
         |propagande|blagues sur|blagues racistes|moquer*|moquerie*|donnees personnelles|vie privee|voler\
         |xenophob*|calomni*|degradant*|humiliant*|homophob*|complot*|rancon*|meurtr*|tuer|enlevement|sequestr*",
    ),
    (
        Sign::Sorry,
        "sorry|apologize|apologise|apologies|my apologies|my sincere apologies|regret|i m afraid|i am afraid\
         |regrettably|tut mir leid|entschuldigung|entschuldige|entschuldigen|bedaure|bedauere|verzeihung\
         |bedauerlicherweise|lo siento|lo lamento|lamento|desafortunadamente|disculpa|disculpe|perdon|perdona\
         |me temo|mis disculpas|desole|desolee|navre|je regrette|mes excuses|pardon|excusez moi|mi dispiace\
         |mi spiace|mi scuso|desculpe|sinto muito|minhas desculpas|helaas|het spijt me|mijn excuses|unfortunately\
         |leider|lamentablemente|malheureusement|purtroppo|infelizmente",
    ),
    (
        Sign::Offer,
        "i can help you|i can help with|i could help|i can write|i could write|i can draft|i could draft\
         |i can create|i can offer|i can suggest|i can provide|i can instead|i can certainly help|i can gladly\
         |i could instead|i can generate|i can explain|i can show you|i can give you|i can also|happy to help\
         |happy to write|happy to draft|happy to create|happy to assist|happy to offer|happy to provide\
         |happy to explain|happy to suggest|happy to discuss|happy to generate|happy to produce|glad to help\
         |glad to write|glad to draft|glad to assist|glad to offer|willing to help|i d gladly|i ll gladly\
         |i would gladly|what i can do|help you with something else|help with something else\
         |assist you with something else|how i can help|how i can assist|i can assist|anything else i can\
         |something else i can|other requests|i d be happy|i would be happy|i d be glad",
    ),
    (
        Sign::Offer,
        "ich kann dir aber|ich kann ihnen aber|ich kann aber|ich kann dir gern*|ich kann ihnen gern*\
         |ich kann gern*|ich kann dir stattdessen|ich kann ihnen stattdessen|ich kann stattdessen\
         |stattdessen kann ich|gerne kann ich|gern kann ich|kann ich dir gern*|kann ich ihnen gern*\
         |kann ich gern*|ich helfe dir gern*|ich helfe ihnen gern*|ich helfe gern*|helfe ich dir gern*\
         |helfe ich ihnen gern*|helfe ich gern*|gerne helfe ich|gern helfe ich|ich schreibe dir gern*\
         |ich schreibe ihnen gern*|ich schreibe gern*|gerne schreibe ich|gern schreibe ich|schreibe ich dir\
         |schreibe ich gern*|ich konnte stattdessen|stattdessen konnte ich|ich konnte dir|ich konnte ihnen\
         |ich unterstutze dich|ich unterstutze sie|unterstutze ich dich|unterstutze ich sie|ich formuliere gern*\
         |formuliere ich gern*|ich biete|ich erstelle gern*|erstelle ich gern*|ich verfasse gern*\
         |verfasse ich gern*|biete ich dir|biete ich ihnen|ich kann jedoch",
    ),
    (
        Sign::Offer,
        "puedo ayudarte|puedo ayudarle|puedo ayudar|si puedo|puedo ofrecer*|puedo escribir|puedo redactar\
         |puedo crear|puedo sugerir*|puedo proponer*|con gusto|con mucho gusto|en su lugar|en cambio puedo\
         |estare encantad*|estaria encantad*|encantado de ayudar*|encantada de ayudar*|en que mas puedo\
         |en que otra cosa|en otra cosa|podria ayudarte|podria escribir|puedo explicar*|puedo preparar*\
         |je peux vous aider|je peux t aider|je peux en revanche|je peux toutefois|je peux cependant\
         |je peux plutot|je peux vous proposer|je peux te proposer|je peux rediger|je peux ecrire\
         |je peux proposer|je peux volontiers|je peux par contre|en revanche je peux|je peux vous|je peux t\
         |je peux te|je serais ravi|je serai ravi|je vous propose|je te propose|avec plaisir|je pourrais\
         |volontiers|puis je vous aider|puis je t aider|autre chose",
    ),
    (
        Sign::Offer,
        "posso aiutarti|ma posso|posso aiutarla|posso invece|posso proporti|posso scrivere|posso ajudar\
         |posso escrever|posso oferecer|em vez disso|ik kan je wel|ik kan u wel|ik help je graag\
         |in plaats daarvan|wel kan ik",
    ),
    (
        Sign::Ready,
        "instead|help you today|assist you today|help you with today|let me know|feel free|would you like\
         |if you d like|if you like|alternatively|i understand|stattdessen|wenn du mochtest|wenn sie mochten\
         |mochtest du|gib mir bescheid|sag mir|si quieres|si lo deseas|si lo desea|en lugar de|quieres que\
         |te gustaria|le gustaria|entiendo|si vous le souhaitez|si vous voulez|si tu veux|voulez vous\
         |souhaitez vous|plutot|n hesitez pas|je comprends|te sirven|te sirve|would those help|would that help\
         |if that helps|soll ich|wurde dir|possible instead|veux tu|quieres|prefieres|i d suggest|i suggest\
         |reach out to",
    ),
    (Sign::Ready, "mi e|mi rifiuto|to me"),
];
