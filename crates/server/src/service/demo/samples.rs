//! The sample data. All of it is fictional.

use doorstep_contract::projects::ProjectStatus::{Active, Archived, Done, Paused, Planned};

use super::{SampleClient, SampleLink, SampleProject, SampleUpdate};

/// The author of most updates.
pub(super) const MIRA: &str = "Mira Lund";
const TOMAS: &str = "Tomás Reyes";

/// The clients.
pub(super) const CLIENTS: &[SampleClient] = &[
    SampleClient {
        name: "Harbour Café",
        slug: "harbour-cafe",
        active: true,
        days: 210,
        links: &[
            SampleLink { label: "Ines, owner", made: 120, used: Some(1), revoked: None },
            SampleLink { label: "The old shared tablet", made: 205, used: Some(130), revoked: Some(120) },
        ],
    },
    SampleClient {
        name: "Meridian Clinic",
        slug: "meridian-clinic",
        active: true,
        days: 180,
        links: &[
            SampleLink { label: "Front desk", made: 90, used: Some(3), revoked: None },
            SampleLink { label: "Dr. Okafor", made: 60, used: None, revoked: None },
        ],
    },
    SampleClient {
        name: "Fjordlicht Energie",
        slug: "fjordlicht",
        active: true,
        days: 95,
        links: &[SampleLink { label: "Steering group", made: 80, used: Some(6), revoked: None }],
    },
    SampleClient { name: "青空書店", slug: "aozora-books", active: true, days: 40, links: &[] },
    SampleClient { name: "Kestrel & Sons", slug: "kestrel-sons", active: true, days: 20, links: &[] },
    SampleClient { name: "Old Mill Press", slug: "old-mill-press", active: false, days: 390, links: &[] },
];

/// The projects.
pub(super) const PROJECTS: &[SampleProject] = &[
    SampleProject {
        name: "Online ordering",
        status: Active,
        summary: "Guests order and pay from their table or from home; the kitchen sees one queue. Opens in three steps: \
                  lunch menu, evening menu, then delivery to the quay.",
        client: Some("harbour-cafe"),
        days: 75,
        updates: &[
            SampleUpdate {
                days: 1,
                author: MIRA,
                body: "The evening menu is live.\n\n38 orders came in on the first night, two of them by mistake: the \
                       button for a second helping was too close to the one that pays. It has moved.",
            },
            SampleUpdate {
                days: 9,
                author: TOMAS,
                body: "Receipts now show the right tax for food that leaves the house. Please have your accountant look \
                       at the three samples in the shared folder before Friday.",
            },
            SampleUpdate {
                days: 34,
                author: MIRA,
                body: "The lunch menu is open to everybody. Thank you for closing early on Monday for the rehearsal.",
            },
            SampleUpdate { days: 74, author: MIRA, body: "We have started. First look in two weeks." },
        ],
    },
    SampleProject {
        name: "Loyalty cards",
        status: Planned,
        summary: "A stamp for every tenth coffee, without an app and without an account. To be decided after the summer.",
        client: Some("harbour-cafe"),
        days: 12,
        updates: &[],
    },
    SampleProject {
        name: "Patient portal, second phase",
        status: Active,
        summary: "Results and letters beside the appointments that are there already. Everything is read on the clinic's \
                  own servers; nothing leaves the house.",
        client: Some("meridian-clinic"),
        days: 110,
        updates: &[
            SampleUpdate {
                days: 3,
                author: TOMAS,
                body: "Letters can be opened on a phone. Next: the same for results, once the laboratory has answered \
                       our questions about units.",
            },
            SampleUpdate {
                days: 17,
                author: TOMAS,
                body: "The review of data protection is done. Two findings, both closed:\n\n1. Sessions end after \
                       fifteen minutes on the desks in the hall.\n2. The export names who asked for it.",
            },
            SampleUpdate {
                days: 52,
                author: MIRA,
                body: "Ten patients have tried the first version with us. All of them found their next appointment; six \
                       did not find the way back. We are changing the heading.",
            },
        ],
    },
    SampleProject {
        name: "Appointment reminders",
        status: Done,
        summary: "A message two days before, with a way to cancel. Missed appointments went down by a third.",
        client: Some("meridian-clinic"),
        days: 175,
        updates: &[
            SampleUpdate {
                days: 66,
                author: MIRA,
                body: "Done and handed over. The last invoice is on its way; the handbook is in your folder.",
            },
            SampleUpdate { days: 120, author: MIRA, body: "Reminders go out for all four practices." },
        ],
    },
    SampleProject {
        name: "Wind farm dashboard",
        status: Active,
        summary: "What each turbine yields, on one page that the people on the ships can read in sunlight.",
        client: Some("fjordlicht"),
        days: 90,
        updates: &[
            SampleUpdate {
                days: 6,
                author: MIRA,
                body: "Figures arrive every ten seconds now. Turbine 14 is shown as silent rather than as zero, as you \
                       asked.",
            },
            SampleUpdate {
                days: 30,
                author: TOMAS,
                body: "Colours were tried on deck, at noon: the dark theme loses. Light it is.",
            },
        ],
    },
    SampleProject {
        name: "Meter readings by phone",
        status: Paused,
        summary: "Waits for the new tariff.",
        client: Some("fjordlicht"),
        days: 60,
        updates: &[SampleUpdate {
            days: 45,
            author: MIRA,
            body: "We pause here, as agreed, until the tariff is decided. Nothing is lost: what is ready stays ready.",
        }],
    },
    SampleProject {
        name: "Shop in two languages",
        status: Active,
        summary: "日本語と英語の通販サイト。A catalogue of 4,000 titles in Japanese and English, one stock for shop and site.",
        client: Some("aozora-books"),
        days: 38,
        updates: &[
            SampleUpdate {
                days: 2,
                author: TOMAS,
                body: "検索がふりがなでもできるようになりました。\n\nThe search finds titles by their reading as well.",
            },
            SampleUpdate { days: 25, author: MIRA, body: "The first 500 titles are in." },
        ],
    },
    SampleProject {
        name: "Fleet booking",
        status: Planned,
        summary: "Eleven vans, four depots, one calendar.",
        client: Some("kestrel-sons"),
        days: 18,
        updates: &[],
    },
    SampleProject {
        name: "Catalogue archive",
        status: Archived,
        summary: "Scans of everything printed between 1921 and 1968. Handed over to the town library.",
        client: Some("old-mill-press"),
        days: 390,
        updates: &[SampleUpdate { days: 300, author: MIRA, body: "The last box is scanned." }],
    },
    SampleProject {
        name: "Handbook for new colleagues",
        status: Active,
        summary: "How we work, where things are, whom to ask. For ourselves.",
        client: None,
        days: 50,
        updates: &[SampleUpdate {
            days: 4,
            author: TOMAS,
            body: "The chapter on deployments is new. Read it before you are on call.",
        }],
    },
    SampleProject {
        name: "Museum guide",
        status: Active,
        summary: "An audio guide that knows which room one is in. A proposal; the contract is not signed yet.",
        client: None,
        days: 8,
        updates: &[SampleUpdate {
            days: 5,
            author: MIRA,
            body: "Here is what the guide could sound like. Room 3 is the best place to begin.",
        }],
    },
    SampleProject {
        name: "Accessibility review",
        status: Done,
        summary: "Every page of our own site with a keyboard, a screen reader and at 400 %.",
        client: None,
        days: 140,
        updates: &[],
    },
];
