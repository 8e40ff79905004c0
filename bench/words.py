"""Names and sentences for the people and letters of the dataset: plain words of the trade, in no order of truth."""

_FIRST = """
Aisha Alba Alejandro Amara Amelie Ana Anders Anneke Arjun Aylin Bea Benoit Bilal Bram Carla Chidi Chloe Daan Daria
David Dilara Dmitri Elif Elin Emeka Emma Enzo Esra Eva Fatima Femke Filip Freya Gabriel Giulia Grace Hanna Hassan
Helena Hugo Ibrahim Ines Ingrid Isak Ivana Jan Jasmin Jonas Joost Julia Kaja Karim Katja Kofi Lars Laura Leila Lena
Leo Linnea Lucia Luka Maja Malik Marek Marta Mats Mei Mila Mina Mohamed Nadia Naomi Niamh Nikolai Nora Olga Omar Oscar
Paula Pedro Petra Priya Rafael Rania Rosa Ruben Saanvi Salma Samir Sara Sofia Stefan Sven Tariq Teresa Thijs Tomas
Valeria Vera Viktor Wout Yara Yusuf Zofia Zuri
"""
_LAST = """
Abbas Achterberg Adeyemi Ahmed Albrecht Almeida Andersson Aydin Bakker Baptiste Barbosa Becker Bergstrom Bianchi Blom
Boateng Bondarenko Brandt Brouwer Bruno Cardoso Castillo Celik Chukwu Claes Conti Costa Dahl Danjuma Dekker Delgado
Demir Diallo Dijkstra Dubois Eklund Eriksen Esposito Farah Ferrari Fischer Fontaine Forsberg Garcia Gerritsen Girard
Gomes Gruber Gupta Haddad Hakimi Halvorsen Hansen Herrera Hoekstra Hoffmann Holm Horvat Ivanov Jacobs Jansen Johansson
Jovanovic Kaminski Kaplan Karlsson Kaur Keller Khan Kovacs Kowalski Kramer Kumar Lambert Larsen Lefevre Lindqvist
Lombardi Lopez Lund Maes Marino Martens Mazur Meijer Mendes Mensah Moreau Moretti Mulder Nakamura Navarro Nguyen
Nielsen Novak Nowak Okafor Olsen Osman Ostberg Ozturk Papadakis Pereira Petersen Petrov Popescu Postma Prins Quist
Ramos Rasmussen Ricci Rivera Romano Rossi Roux Ruiz Saleh Santos Schmidt Schouten Schuster Silva Simonsen Smit Sokolov
Sorensen Suarez Svensson Tanaka Timmermans Torres Vaughan Verhoeven Visser Vogel Wagner Weber Willems Winter Wojcik
Yildiz Zeeman Zielinski Zimmermann
"""
FIRST_NAMES, LAST_NAMES = _FIRST.split(), _LAST.split()

OPENINGS = (
    "I would like to work in your support team, because helping people is the part of every job that I liked best.",
    "Your advert says that you answer in full sentences and take your time for it; that is how I like to work.",
    "For three years I have answered customers by phone and e-mail, and still look forward to each first call.",
    "I have used your product since last spring, and twice your support helped me within the hour.",
    "I have not worked in support before, but I know it from the other side and from years behind a counter.",
    "A friend who works for you told me how your team learns from its mistakes, and that made me curious.",
)

SENTENCES = (
    "When a customer is upset I listen first, say back what I understood, and only then look for a way out.",
    "Once a delivery went to the wrong town the day before a wedding, and I stayed until a driver had turned round.",
    "I write short answers with the steps in order, and read them again with the eyes of somebody who is tired.",
    "My manager asked me to teach new colleagues the ticket system, as I do not mind being asked a thing twice.",
    "I made a mistake with a refund, told the customer before they noticed, and wrote down how we can avoid it.",
    "I like to find out why something broke, so that the next person does not have to write to us at all.",
    "On busy days I sort by who is stuck and cannot go on, and tell the others honestly when it will be their turn.",
    "I speak Dutch and English every day, German well enough for the phone, and am learning Spanish.",
    "A customer once thanked me in a review by name; I have kept it, because the case had looked hopeless.",
    "I keep calm when somebody shouts, since it is hardly ever about me, and it passes sooner when nobody shouts back.",
    "In my last job we cut the time to the first answer by half by rewriting the questions that people ask most.",
    "I have worked from home for two years and know how to plan a day without somebody looking over my shoulder.",
    "Learning a new system took me a weekend and a notebook; the notebook is now what the whole shift uses.",
    "What I want to learn from you is how to handle technical questions that nobody has an answer to yet.",
    "When two colleagues disagreed about a complaint I proposed that we ask the customer, which solved it at once.",
    "I check names, dates and amounts before I send, because small errors cost more trust than slow answers.",
    "At the hotel desk I served four queues at once and learned to say a kind word while my hands did something else.",
    "I noticed that your help pages do not explain how to change an order after it was paid, and I tried to write it.",
    "If I cannot help, I say so at once and find the person who can, and I stay until the hand-over is done.",
    "Figures help me to see where I got better, but I would not close a ticket early to make them look nice.",
    "My neighbours bring me their phones and printers, and I enjoy the moment when they can do it by themselves.",
    "Change does not worry me: in one year we moved shops, tills and opening hours, and I made the plan for it.",
    "I volunteered at a crisis line for students, where listening without a solution at hand was the whole task.",
    "In chat I keep sentences short and never copy an answer that does not fit the question entirely.",
    "My weakness was that I promised too much; now I promise what I can see, and usually do a little more.",
    "We had one form letter for every complaint, and I replaced it by five that people could understand.",
    "I can start in the first week of next month and work evenings and every second weekend.",
    "I would gladly show you in a trial how I work, and hear what I could do better.",
)

CHANNELS = ("phone", "email", "chat", "social")
PLACES = (
    "Amsterdam",
    "Berlin",
    "Dublin",
    "Lisbon",
    "Malmo",
    "Porto",
    "Prague",
    "Utrecht",
    "Valencia",
    "Warsaw",
)
TITLES = (
    "Support specialist",
    "Technical support engineer",
    "Chat support agent",
    "Customer care lead",
)
SOURCES = ("career page", "friend of the team", "job board", "social media")

# What stands in résumés alone; each of them in one of thirteen or so.
_TOOLS = """
Zendesk Freshdesk Intercom Kayako Gorgias Salesforce HubSpot Dixa Trengo Kustomer Gladly Zoho Groove LiveAgent
Aircall Talkdesk Genesys Twilio RingCentral Dialpad Jira Confluence Notion Slack Shopify Magento Stripe Adyen
WordPress Looker Tableau Excel Airtable Asana Trello Guru Klaus Loom Tidio Userlike
"""
TOOLS = tuple(_TOOLS.split())
