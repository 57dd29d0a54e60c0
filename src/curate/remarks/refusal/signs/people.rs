//! The words of people about their own matters, which no model has.

use super::Sign;

/// Phrases, one list a sign and group of languages.
pub(super) const WORDS: &[(Sign, &str)] = &[
    (
        Sign::Own,
        "my|our|mine|myself|we|us|mein|meine|meinen|meinem|meiner|meines|unser|unsere|unserem|unseren|unserer|wir\
         |uns|mi|mis|nuestro|nuestra|nuestros|nuestras|nosotros|mon|ma|mes|notre|nos|nous|mio|mia|miei|mie|nostro\
         |nostra|meu|minha|meus|minhas|nosso|nossa|mijn|onze|ons",
    ),
    (
        Sign::Seller,
        "your service|your services|your agent|your agents|your company|your staff|your team|your bot\
         |your chatbot|your chat|your assistant|your virtual assistant|your ai|your hotline|your support|your app\
         |your website|your site|your web|your page|your shop|your store|your prices|your price|your technician\
         |your engineer|your driver|your courier|your colleague|your colleagues|your customer|your customers\
         |your router|your product|your products|your newsletter|your invoice|your bill|your portal|your form\
         |your system|your people|your network|your call|your hotel|your firm|your helpdesk|your help|your terms\
         |your ad|your offer|your new|your online|your representative|your rep|your advisor|your own|you people\
         |you guys|you lot|dear sir*|dear team|customer service|call centre|call center|helpline|hotline\
         |kundenservice|kundendienst|euer|eure|euren|eurem|eurer|ihr service|ihr mitarbeiter|ihre mitarbeiter*\
         |ihr bot|ihr chatbot|ihr chat*|ihre app|ihre website|ihre webseite|ihre seite|ihr shop|ihre firma\
         |ihr team|ihre hotline|ihr support|ihr techniker|ihre technik*|ihrer app|ihrer website\
         |ihrer seite|ihrer hotline|ihrer webseite|ihre preise|ihr assistent|ihre ki",
    ),
    (
        Sign::Seller,
        "su servicio|su empresa|su agente|su web|su pagina|su app|su aplicacion|su chatbot|su bot|su asistente\
         |su tienda|su equipo|su tecnico|vuestro|vuestra|vuestros|vuestras|sus agentes|sus precios|sus empleados\
         |su sistema|atencion al cliente|servicio al cliente|servicio de atencion|operador|operadora|el tecnico\
         |tu bot|tu chatbot|tu app|votre service|votre site|votre application|votre appli|votre agent\
         |votre conseiller|votre conseillere|votre chatbot|votre bot|votre assistant|votre assistante\
         |votre entreprise|votre societe|votre equipe|votre technicien|votre magasin|votre boutique|votre hotline\
         |votre support|votre plateforme|votre ia|vos services|vos agents|vos conseillers|vos prix|vos tarifs\
         |vos equipes|vos techniciens|service client|le conseiller|la conseillere|le technicien",
    ),
    (
        Sign::Said,
        "said|says|told me|told us|tells me|telling me|he told|she told|replied|replies|was told|got told\
         |answered|the answer was|response was|wrote back|the bot|the chatbot|chatbot|the agent\
         |the assistant said|they told|keeps telling|he says|she says|sagt|sagte|sagen|meinte|meint|gesagt\
         |antwortet|antwortete|geantwortet|schrieb|schreibt|der bot|hiess es|heisst es|behauptet|dice|dicen|dijo\
         |dijeron|me ha dicho|me han dicho|respondio|responde|respondieron|contesto|contesta|contestan|el bot\
         |el chatbot|repite|dit que|m a dit|m ont dit|me dit|disent|repond|repondent|a repondu|ont repondu\
         |m a repondu|le bot|le chatbot|repete|on me dit|me repond",
    ),
    (
        Sign::Matter,
        "today|tonight|tomorrow|yesterday|monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekend|week\
         |weeks|month|months|next week|next month|last week|last month|this week|this month|until|anymore\
         |any more|any longer|years|hours|days|my refund|a refund|i paid|i pay|paying|order number|please cancel\
         |i want to|i d like to|i would like to|i need|i ve been|i have been|i called|i rang|i bought|i ordered\
         |i tried|i asked|heute|morgen|gestern|montag*|dienstag*|mittwoch*|donnerstag*|freitag*|samstag*|sonntag*\
         |woche|wochen|monat|monate|monaten|tagen|stunden|jahre|jahren|die rechnung|die kundigung|seit\
         |ich brauche|ich zahle|ich habe|hoy|manana|ayer|lunes|martes|miercoles|jueves|viernes|sabado|domingo\
         |semana|semanas|meses|horas|dias|anos|la factura|el reembolso|llevo|quiero|necesito|he pagado\
         |aujourd hui|demain|avant hier|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|semaine|semaines|mois\
         |heures|jours|annees|la facture|le remboursement|de payer|je paie|j ai paye|je veux|je voudrais|depuis\
         |euros|euro|eur",
    ),
    (
        Sign::Other,
        "help it|help but|help feeling|help thinking|help wondering|help noticing|help laughing|help being\
         |help myself|another request|a request|request form|new request|keine anfrage|eine anfrage\
         |weitere anfrage|une autre demande|otra solicitud|your request for|of my own|une demande|a demande\
         |una solicitud|das anliegen",
    ),
];
