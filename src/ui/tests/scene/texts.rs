//! The texts of the scenes.

pub(in crate::ui::tests) const USER: &str = "Write {{ n }} text messages that a phone user would call {{ label }}. \
Vary the {{ topic }} and the tone.\n\nReal examples:\n{% for e in examples -%}\n- {{ e.text }}\n{% endfor %}";

pub(super) const NEAREST: &str =
    "URGENT! You have won a 1 week FREE membership in our £100,000 prize Jackpot!";

pub(super) const TEXTS: [&str; 12] = [
    "URGENT! Your account has been locked. Reply YES with your PIN to 80062 or call 0906 636 1234 to unlock it \
     within 24 hours, calls cost 1.50 a minute.",
    "Claim 2 free cinema tickets: text FILM to 83355 before Friday, 18+ only",
    "Congratulations you have won a guaranteed £1000 cash prize call now from a land line",
    "Your parcel is held at our depot, pay the 1.99 fee at the link below",
    "Free entry in 2 a wkly comp to win FA Cup final tkts Text FA to 87121 to receive entry question",
    "Hi its ur bank, we noticed a new payee. Not you? Ring 0871 872 9755",
    "Ok sure",
    "Final notice: your subscription renews at 4.50 a week unless you text STOP to 80488 before midnight tonight",
    "你好! You have been chosen 🎁 for a 500 pound voucher, reply NOW",
    "\u{1b}[31mLast chance\u{7} to claim ur 150p reward\nText WIN to 85222",
    "Someone from your area wants to meet you tonight, find out who: 0906 123 4567",
    "SIX chances to win CASH from 100 to 20,000 pounds, txt CSH11 and send to 87575",
];

/// Scraps, as pairs of reason and raw text.
pub(super) const SCRAPS: [(&str, &str); 4] = [
    (
        "The reply was cut off at 256 tokens, in the middle of a row.",
        "{\"text\": \"URGENT! You have won a 1 week FREE membership in our prize draw. To claim your priz",
    ),
    (
        "The field `text` is missing.",
        "{\n  \"message\": \"Free entry in a weekly competition, text WIN to 80086\",\n  \"topic\": \"prize\"\n}",
    ),
    (
        "The reply is no JSON.",
        "Sure! Here are five messages:\n1. \u{1b}[31mWin\u{1b}[0m a prize\n2. Call now",
    ),
    ("The reply is empty.", ""),
];
