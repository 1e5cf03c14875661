// SPDX-License-Identifier: MIT
#include "seed_words.hpp"

namespace blog::words {

// clang-format off
const std::array<topic, 32> topics = {{
    {"baking rye bread", "an iron pot", "flour from the water mill", "a dark, heavy loaf", {"bread", "kitchen", "slow food"}},
    {"mending bicycles", "a truing stand", "a tin of odd spokes", "a wheel that runs straight", {"bicycles", "repair", "workshop"}},
    {"keeping bees", "a smoker that stays lit", "last year’s frames", "eleven jars of honey", {"bees", "garden", "honey"}},
    {"walking the coast path", "a pair of honest boots", "a map gone soft at the folds", "one good photograph", {"walking", "coast", "outdoors"}},
    {"learning the cello", "a borrowed bow", "a cake of dark rosin", "four clean bars of a slow tune", {"cello", "music", "practice"}},
    {"growing tomatoes", "a ball of green twine", "compost from the allotment", "a bowl of crooked red tomatoes", {"tomatoes", "garden", "allotment"}},
    {"repairing old radios", "a fine soldering iron", "a drawer of salvaged valves", "a voice from a far station", {"radio", "repair", "electronics"}},
    {"swimming in cold lakes", "a woollen hat", "a flask of hot tea", "a very good appetite", {"swimming", "outdoors", "cold water"}},
    {"binding books", "a bone folder", "linen thread and grey board", "a notebook that lies flat", {"books", "paper", "craft"}},
    {"sailing small boats", "a patched jib", "thirty metres of new rope", "a landing without witnesses", {"boats", "coast", "sailing"}},
    {"drawing birds", "a soft pencil", "a stack of cheap paper", "a heron that looks like one", {"birds", "drawing", "paper"}},
    {"pressing cider", "the village press", "two crates of windfalls", "a barrel that hums in the cellar", {"cider", "orchard", "autumn"}},
    {"restoring chairs", "a card scraper", "hide glue and patience", "a chair that no longer creaks", {"furniture", "repair", "wood"}},
    {"watching the night sky", "a second-hand telescope", "a red torch and a star chart", "the rings of Saturn, for a minute", {"astronomy", "outdoors", "night"}},
    {"cooking with one pot", "a wooden spoon with a history", "beans soaked overnight", "a supper for six", {"cooking", "kitchen", "suppers"}},
    {"writing letters by hand", "a scratchy fountain pen", "a box of plain envelopes", "an answer, three weeks later", {"letters", "writing", "paper"}},
    {"collecting fossils", "a small chisel hammer", "grey shale from the foot of the cliff", "an ammonite the size of a coin", {"fossils", "coast", "geology"}},
    {"printing linocuts", "a spoon for want of a press", "black ink and thin paper", "twelve prints, nine of them straight", {"linocut", "paper", "printing"}},
    {"knitting socks", "five short needles", "wool from the island sheep", "two socks of nearly one size", {"knitting", "craft", "wool"}},
    {"laying dry stone walls", "a string line", "a cart of field stone", "four metres of wall", {"stone walls", "outdoors", "stone"}},
    {"translating poems", "three dictionaries", "a pencil and a rubber", "one line that sings in both languages", {"poems", "writing", "languages"}},
    {"photographing fog", "a tripod that does not wobble", "the last roll of film", "a picture of almost nothing", {"photography", "weather", "film"}},
    {"carving spoons", "a hooked knife", "green birch", "a spoon with a slight lean", {"carving", "craft", "wood"}},
    {"tuning the old piano", "a tuning lever", "strips of red felt", "an octave you can trust", {"piano", "music", "repair"}},
    {"foraging for mushrooms", "a basket with a lid", "a field guide and some doubt", "a pan of chanterelles", {"mushrooms", "kitchen", "forest"}},
    {"riding night trains", "a pillow that rolls up small", "a ticket with four stamps", "a sunrise over the marshes", {"trains", "travel", "night"}},
    {"sketching bridges", "a steel ruler", "a folding stool", "a page of arches", {"bridges", "drawing", "travel"}},
    {"roasting coffee", "a cast-iron pan", "green beans from the harbour", "a kitchen full of smoke and a fine cup", {"coffee", "kitchen", "slow food"}},
    {"planting an orchard", "a spade with an ash handle", "nine bare-root trees", "a row you can already see as shade", {"orchard", "garden", "trees"}},
    {"throwing pots", "a kick wheel", "clay dug from the river bank", "a bowl that holds soup", {"pottery", "craft", "clay"}},
    {"recording birdsong", "a microphone in a furry coat", "spare batteries", "forty seconds of a nightingale", {"birds", "outdoors", "sound"}},
    {"singing in a choir", "a sharp pencil", "photocopied scores", "one chord that hung in the air", {"choir", "music", "practice"}},
}};

const std::array<std::string_view, 48> first_names = {
    "Ada", "Amara", "Anselm", "Asta", "Benedikt", "Bruna", "Caspian", "Celeste", "Dario", "Edda", "Elias", "Elowen",
    "Emeka", "Esme", "Farid", "Fleur", "Greta", "Hana", "Hugo", "Ines", "Isak", "Ivo", "Jonas", "Juno",
    "Kofi", "Lale", "Leif", "Linnea", "Magnus", "Maren", "Mateo", "Mira", "Nadia", "Nils", "Odile", "Oren",
    "Petra", "Quentin", "Rosa", "Rufus", "Saskia", "Selma", "Tamsin", "Theo", "Umar", "Vera", "Wilma", "Yusuf"};

const std::array<std::string_view, 48> last_names = {
    "Abara", "Aldous", "Amsel", "Arkwright", "Bellamy", "Birk", "Brandt", "Calloway", "Castellan", "Corvin", "Dahl", "Dunmore",
    "Eklund", "Fairweather", "Falk", "Farrow", "Greenaway", "Halloran", "Hartley", "Holm", "Ibarra", "Jansen", "Kestrel", "Kovac",
    "Lark", "Lindqvist", "Lovell", "Marchetti", "Marlow", "Moreau", "Nakamura", "Norling", "Okafor", "Osei", "Pascoe", "Penhale",
    "Quill", "Ravn", "Rosewell", "Sandoval", "Sorley", "Tallis", "Thorne", "Underhill", "Vance", "Wexford", "Winter", "Yilmaz"};

const std::array<std::string_view, 24> places = {
    "Harrow Quay", "Saltmarsh", "Upper Brennick", "Fennimore", "Little Thackley", "Osterby", "Cold Harbour", "Vellmar",
    "Nether Pell", "Larkhill", "Port Maudlin", "Gravensund", "Tarn End", "Widdow’s Reach", "Callow Bridge", "Stennick",
    "Hollin Mill", "East Corrie", "Marrow Bay", "Quarrydale", "Sankt Aldo", "Ferry Green", "Ashlock", "Dunmarrow"};

const std::array<std::string_view, 16> times = {
    "this spring", "last autumn", "on a Sunday morning", "before breakfast", "all through November", "in the long evenings", "the day after the storm", "in my grandmother’s time",
    "between two jobs", "during the power cut", "in the first week of frost", "after the children were asleep", "at the end of the harvest", "on the shortest day", "in the week of the fair", "one slow afternoon"};

const std::array<std::string_view, 12> weathers = {
    "thin rain", "a wind from the east", "the first frost", "a heat that softened the tar", "fog down to the doorsteps", "a grey, flat light",
    "snow that did not stay", "a week of sun", "sudden hail", "a late, golden light", "the last of the thunder", "a warm and windless calm"};

const std::array<std::string_view, 16> virtues = {
    "patience", "humility", "stubbornness", "good company", "courage", "silence", "curiosity", "restraint",
    "kindness", "persistence", "trust", "modesty", "attention", "good humour", "precision", "thrift"};

const std::array<std::string_view, 12> animals = {
    "a one-eyed cat", "two elderly dogs", "a flock of runner ducks", "a very loud canary", "six hens", "a tortoise called Maurice",
    "a greyhound", "an ill-mannered goat", "a family of hedgehogs", "three goldfish", "a pony on loan", "a sourdough starter, which counts"};

const std::array<std::string_view, 20> titles = {
    "What {doing} taught me about {virtue}", "A beginner’s year of {doing}", "In praise of {tool}", "Notes on {doing}, {time}",
    "Letter from {place}", "{Doing} in {place}", "Why I gave up {doing}, and came back", "Three mistakes I made {doing}",
    "{Doing} with {person}", "How to fail at {doing}", "{Doing} in {weather}", "{Tool}, {material} and an afternoon",
    "On {virtue}", "The quiet pleasure of {doing}", "{Doing} for people without time", "A short defence of {doing}",
    "An evening with {person} of {place}", "What I would tell {person} about {virtue}", "From {place}, in {weather}", "{Virtue} and {material}"};

const std::array<std::string_view, 12> bios = {
    "Mostly {doing}, sometimes {virtue}. Lives in {place} with {animal}.",
    "Came to {place} for a week and stayed. Writes about {doing}.",
    "Teacher by day. In the evenings there is {tool} and {animal}.",
    "Has been {doing} since before it was fashionable, and will be after.",
    "Keeps {animal} in {place}. Believes in {virtue}.",
    "Half engineer, half gardener. Ask me about {tool}.",
    "Retired from the ferry. Now there is time for {doing}.",
    "Born in {place}, raised by librarians. Still learning {virtue}.",
    "Notes from a small kitchen in {place}, in company of {animal}.",
    "Slowly {doing}. Slowly writing it down.",
    "I repair what I can and write about what I cannot.",
    "Nurse on nights, which explains the hours of these posts. Also {doing}."};

const std::array<std::string_view, 16> openings = {
    "I began {doing} {time}, because {person} had left {tool} behind and I did not like to see it idle.",
    "There was {weather} over {place} when I set out, and by noon I had forgotten about it.",
    "People ask how anyone finds the time for {doing}. The honest answer is that I stopped doing something else.",
    "My first attempt at {doing} is best not described. My second was {time}, and it is the reason for this post.",
    "“You will need {tool},” said {person}, “and rather more {virtue} than you have.” Both turned out to be true.",
    "In {place} everybody knows somebody who knows about {doing}. For me it was {person}.",
    "It started as a favour. {person} needed {material}, I had some, and one thing led to another.",
    "For years I thought that {doing} was for other people: people with sheds, and with {animal}.",
    "This is a story about {doing}, but mostly it is about {virtue}.",
    "Some days are made for {doing}. This one had {weather}, an empty calendar and no excuse.",
    "When we moved to {place} the house came with {tool}, a leaking tap, and {animal}.",
    "I promised {person} that I would write this down while I still remember it.",
    "Nobody warned me about the noise. Everything else about {doing} I had read in books.",
    "I had {material}, I had a free afternoon, and I had never done it before.",
    "The best advice I got {time} came from {person}, who has been {doing} for forty years.",
    "Let me say first that I am no expert. I have only been {doing} long enough to know what I do wrong."};

const std::array<std::string_view, 32> middles = {
    "All it takes is {tool}, {material}, and the willingness to look foolish for an hour.",
    "The secret, if there is one, is to prepare everything the evening before.",
    "I kept notes in pencil, since ink runs in {weather}.",
    "Twice I was ready to give up; twice {person} happened to walk past with a kind word and a better idea.",
    "You learn to listen. Long before anything goes wrong, it sounds different.",
    "A poor tool makes you work around it. With {tool} you simply work.",
    "By four o’clock there was {result}, and I carried it around the house to show it to everyone.",
    "It was not perfect. It was {result}, and it was mine.",
    "In {place} they do it the other way round, and they are very polite about mine.",
    "I had read that you need {virtue}. I had not read that it comes only afterwards.",
    "Do not hurry the middle part. Everyone hurries the middle part.",
    "What you pay for {material} you save on worry.",
    "The neighbours, who own {animal}, watched over the fence and said nothing, which helped.",
    "There is a moment when it either holds or it does not, and no amount of reading prepares you for it.",
    "I made the same mistake three times, each time a little faster.",
    "If you remember one thing, let it be this: clean up while you still have daylight.",
    "My grandfather would have used fewer words and taken twice as long.",
    "Somewhere in the second hour the hands begin to know what to do, and the head may go for a walk.",
    "I asked {person} how long it takes to get good at {doing}. “I will tell you when I know,” was the answer.",
    "Outside there was {weather}. Inside there was tea, and a table covered with {material}.",
    "A thing that nobody tells you: most of {doing} is tidying.",
    "I borrowed {tool} from {person} and have been finding reasons not to return it.",
    "The radio was on, somebody sang, and for a while nothing needed to be decided.",
    "{time}, in {place}, I saw it done properly for the first time. I have been copying it ever since.",
    "Of course it rained. It always does when you own {tool}.",
    "What surprised me was how little it matters where you begin.",
    "I measured, I measured again, and then I cut it in the wrong place.",
    "The children wanted to help, so it took longer and was better.",
    "There are two schools of thought about this, and both of them live in {place}.",
    "When it works you feel it in the wrists before you see it.",
    "I have since met people who are {doing} for a living. They look rested.",
    "At some point {person} brought soup, and that was the end of work for the day."};

const std::array<std::string_view, 16> closings = {
    "In the end I had {result}, sore hands, and a plan for next time.",
    "If you are ever near {place}, come by. There is always something on the stove.",
    "Next month: the same again, only slower, and with more {virtue}.",
    "So that is how it went. I would do it again, and I probably will, on Saturday.",
    "Write to me if you know a better way. I am sure that there is one.",
    "I am told that it gets easier. I hope that it does not get too easy.",
    "{person} says it looks handmade. I have decided that this is praise.",
    "Now {result} stands on the window sill, and whenever I pass it I stand up a little straighter.",
    "What remains is {virtue}. The rest can be bought.",
    "The next one will be better. That is the whole point of {doing}.",
    "It was a small thing. Most of the good ones are.",
    "And then there was {weather}, and we went in.",
    "That evening we sat outside until it was too dark to see {result}, and then a little longer.",
    "Thank you, {person}. You were right about {tool}.",
    "I have put {material} on the shelf by the door, for somebody who reads this and wants to begin.",
    "Tomorrow I shall sleep late, and then I shall look at it again."};

const std::array<std::string_view, 32> comments = {
    "This made me want to try {doing} myself. Where did you find {tool}?",
    "Lovely. My aunt in {place} did it exactly like this.",
    "I disagree about {virtue}, but I enjoyed every line.",
    "We tried it {time} and got {result}. Nobody was more surprised than I was.",
    "Please do not tell people about {place}. It is full enough in summer.",
    "That line about {virtue} should be on a poster.",
    "I read this aloud at breakfast. There was applause.",
    "How long did it take, all in all?",
    "You had me at {tool}.",
    "Careful with {material}: keep it dry, or you will start all over again.",
    "Greetings from {place}, where we have {weather} and no plans.",
    "I gave up after a week. Perhaps it is time to try again.",
    "A friend sent me here, and I have read everything you wrote. Thank you.",
    "{person} taught me too! Is the dog still alive?",
    "What a beautiful account of a small thing.",
    "It works even better with {animal} watching.",
    "Could you say more about {material}? I never know where to begin.",
    "I printed this and hung it above the workbench.",
    "My first one fell apart. My second one fell apart later. Progress!",
    "This is the calmest thing that I have read all week.",
    "In our family {virtue} skips a generation, it seems.",
    "I would have bet against it, and I would have lost.",
    "Bring {result} to the market on Saturday, I will trade you some eggs.",
    "The part about the middle is so true.",
    "You write as if it were easy. Now there is {material} on every chair.",
    "Same here, {time}. We should compare notes.",
    "I have been {doing} for six years and learnt something new today.",
    "Not a word about the smell? You are very kind.",
    "Next time take me along. I own a car and a thermos flask.",
    "Reading this in {weather}, with {animal} on my lap. Perfect.",
    "Thank you for writing it down.",
    "Yes, yes and yes. Except for the soup."};

const std::array<std::string_view, 32> replies = {
    "Thank you! That is the nicest thing that anyone has said about {doing}.",
    "I would try it again, with {material} this time.",
    "Not in {place}, I am afraid. They have rules there.",
    "You are right about {virtue}. I had forgotten that part.",
    "About an afternoon, if nobody brings soup.",
    "{person} sends greetings, by the way.",
    "Ask {person}. In the end everybody does.",
    "We are neighbours, then! I live two streets from the baker in {place}.",
    "That is exactly what happened to us, {time}.",
    "I have {tool} that I do not use. Write to me.",
    "No, but {animal} does.",
    "It does get easier. The tidying stays.",
    "I had the same question. Has anyone tried it in {weather}?",
    "Please make a post of its own out of this.",
    "Mine leans, too. We could start a club.",
    "Careful, that is how I ended up with {animal}.",
    "Twice a year, and then again when {person} visits.",
    "I am not so sure. {Virtue} has never helped me with {material}.",
    "Only the first time. After that the hands remember.",
    "Agreed, and I said so to {person} already.",
    "The short answer is no. The long answer is {doing}.",
    "You should see what they do in {place}.",
    "Then it is not only me. What a relief.",
    "I will bring {result}, you bring the tea.",
    "It was {person} who told me, so it must be true.",
    "Count me in, if there is room for {animal}.",
    "That made me laugh out loud on the night bus.",
    "Wait for {weather}. It helps more than one thinks.",
    "I tried that, and now there is {material} in the sink.",
    "Good point. I have changed my mind, which I do rarely.",
    "My grandmother would disagree, and she would be right.",
    "Thank you for answering, and so kindly."};

const std::array<std::string_view, 8> moods = {
    "beginners", "mistakes", "small joys", "neighbours", "patience", "stories", "how to", "tools"};
// clang-format on

} // namespace blog::words
