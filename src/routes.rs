//! The routes of an app's screens. The table of [`screens`](crate::screens) knows the pages; [`app`](crate::app) and
//! [`portal`](crate::portal), which surround them, get the screens passed in.

use doorstep_contract::route::{ClientRoute, Page};
use doorstep_locales::Word;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{
    GeneratedRouteData, MatchNestedRoutes, NestedRoute, PartialPathMatch, PathSegment, PossibleRouteMatch, RouteMatchId,
};

use crate::i18n::t;

/// The view of a page.
#[derive(Clone, Copy)]
pub(crate) struct Screen {
    /// The page.
    pub(crate) page: Page,
    /// The title of the document, unless the view sets another one.
    pub(crate) title: Word,
    /// Draws the page.
    pub(crate) view: fn() -> AnyView,
}

/// The screens of an app.
#[derive(Clone, Copy)]
pub(crate) struct Screens {
    /// One for each page.
    pub(crate) all: &'static [Screen],
    /// Whether a page of the app has this path.
    pub(crate) has: fn(&str) -> bool,
}

/// A screen, with its title.
#[component]
pub(crate) fn ScreenView(screen: &'static Screen) -> impl IntoView {
    // In a closure, because leptos_meta takes a `Title` that is drawn in place of another for a second one.
    move || {
        view! {
            <Title text=t(screen.title) />
            {(screen.view)()}
        }
    }
}

/// A page as the path of a route.
#[derive(Debug, Clone, Copy)]
struct At(Page);

impl PossibleRouteMatch for At {
    fn optional(&self) -> bool {
        false
    }

    fn test<'a>(&self, path: &'a str) -> Option<PartialPathMatch<'a>> {
        let route = ClientRoute::parse(path).filter(|route| route.page() == self.0)?;
        let id = route.id().map(|id| ("id".into(), id.as_str().to_owned()));
        Some(PartialPathMatch::new("", id.into_iter().collect(), path))
    }

    /// For server-side rendering, which is not used.
    fn generate_path(&self, _: &mut Vec<PathSegment>) {}
}

/// The routes of an app.
#[derive(Debug, Clone)]
pub(crate) struct Routes<R>(Vec<R>);

/// One route for each screen.
#[component(transparent)]
pub(crate) fn ScreenRoutes(
    /// The screens of the app.
    screens: &'static [Screen],
    /// Draws a screen.
    show: fn(&'static Screen) -> AnyView,
) -> Routes<impl MatchNestedRoutes + Clone + Send + 'static> {
    Routes(screens.iter().map(|screen| NestedRoute::new(At(screen.page), move || show(screen))).collect())
}

impl<R: MatchNestedRoutes> MatchNestedRoutes for Routes<R> {
    type Data = R::Data;
    type Match = R::Match;

    fn match_nested<'a>(&'a self, path: &'a str) -> (Option<(RouteMatchId, R::Match)>, &'a str) {
        let matches = |route: &'a R| Some(route.match_nested(path)).filter(|(found, _)| found.is_some());
        self.0.iter().find_map(matches).unwrap_or((None, path))
    }

    fn generate_routes(&self) -> impl IntoIterator<Item = GeneratedRouteData> + '_ {
        self.0.iter().flat_map(MatchNestedRoutes::generate_routes)
    }

    fn optional(&self) -> bool {
        false
    }
}
