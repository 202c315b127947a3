//! The queue of the password workers: bounded and fair.
//!
//! Friends (accounts that are authenticated or known in some way) and strangers have separate places, and alternate
//! when both wait: however many strangers there are, a friend is next or next but one. Friends alternate by
//! account, strangers by network; an address has one attempt at a time anyway (`core/limits.rs`). When all places
//! are taken, only those who hold less than their share get another. So a flood only displaces itself.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::oneshot, time::timeout};

use crate::{
    domain::{id::Id, network::Network},
    error::Error,
    metrics::Hashing,
};

/// How long a job waits for its turn. Even with all places taken it is sooner, unless the machine is very slow.
const PATIENCE: Duration = Duration::from_secs(10);

/// The party on whose behalf a password is hashed.
#[derive(Debug, Clone)]
pub enum Party {
    /// The server itself, or a command of its operator.
    Operator,
    /// An account that the client has authenticated, or from whose known browser it comes.
    Friend(Id),
    /// Any other client, by its address.
    Stranger(IpAddr),
}

/// The parties that share turns.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Group {
    Operator,
    Account(Id),
    Network(Network),
}

impl Party {
    fn group(&self) -> Group {
        match self {
            Self::Operator => Group::Operator,
            Self::Friend(account) => Group::Account(account.clone()),
            Self::Stranger(address) => Group::Network(Network::around(*address)),
        }
    }
}

/// The queue.
#[derive(Debug, Clone)]
pub struct Queue(Arc<Mutex<State>>);

/// A place in the queue while it is held.
#[derive(Debug)]
#[must_use = "without a seat there is no turn"]
pub struct Seat {
    queue: Queue,
    group: Group,
}

/// The right to use a worker while it is held.
#[derive(Debug)]
#[must_use = "the turn is over when this is dropped"]
pub struct Turn(Option<Queue>);

#[derive(Debug)]
struct State {
    /// The number of workers.
    at_once: usize,
    /// The number of idle workers.
    free: usize,
    /// How many requests found the queue full.
    refused: u64,
    friends: Lane,
    strangers: Lane,
    /// Whether a stranger is next when both wait.
    strangers_next: bool,
}

#[derive(Debug)]
struct Lane {
    places: usize,
    taken: usize,
    groups: HashMap<Group, Members>,
    /// The groups with waiting members, the next one first.
    order: VecDeque<Group>,
}

#[derive(Debug, Default)]
struct Members {
    seats: usize,
    waiting: VecDeque<oneshot::Sender<Turn>>,
}

impl Queue {
    /// A queue for this many workers, with this many places for friends, and as many for strangers.
    #[must_use]
    pub fn new(at_once: usize, places: usize) -> Self {
        Self(Arc::new(Mutex::new(State {
            at_once,
            free: at_once,
            refused: 0,
            friends: Lane::new(places),
            strangers: Lane::new(places),
            strangers_next: false,
        })))
    }

    /// Takes a place.
    ///
    /// # Errors
    /// [`Error::Overloaded`] when there is none.
    pub fn seat(&self, party: &Party) -> Result<Seat, Error> {
        let group = party.group();
        let mut state = self.state();
        let seated = state.lane(&group).sit_down(&group);
        state.refused += u64::from(seated.is_err());
        drop(state);
        seated?;
        Ok(Seat { queue: self.clone(), group })
    }

    /// The current state.
    #[must_use]
    pub fn hashing(&self) -> Hashing {
        let count = |number| u64::try_from(number).unwrap_or(u64::MAX);
        let state = self.state();
        Hashing {
            slots: count(state.at_once),
            in_use: count(state.at_once.saturating_sub(state.free)),
            waiting: count(state.friends.waiting() + state.strangers.waiting()),
            refused: state.refused,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives turns to waiting members while workers are idle.
    fn call(&self) {
        let mut state = self.state();
        while state.free > 0 {
            let Some(next) = state.next() else { return };
            match next.send(Turn(Some(self.clone()))) {
                Ok(()) => state.free -= 1,
                // The client is gone: return the turn without counting it.
                Err(mut turn) => turn.0 = None,
            }
        }
    }
}

impl Seat {
    /// Waits for a turn.
    ///
    /// # Errors
    /// [`Error::Overloaded`] when it takes too long.
    pub async fn turn(&self) -> Result<Turn, Error> {
        let (sender, turn) = oneshot::channel();
        self.queue.state().lane(&self.group).wait(&self.group, sender);
        self.queue.call();
        timeout(PATIENCE, turn).await.map_err(|_| Error::Overloaded)?.map_err(|_| Error::WorkersGone)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.queue.state().lane(&self.group).leave(&self.group);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(queue) = self.0.take() {
            queue.state().free += 1;
            queue.call();
        }
    }
}

impl State {
    fn lane(&mut self, group: &Group) -> &mut Lane {
        match group {
            Group::Operator | Group::Account(_) => &mut self.friends,
            Group::Network(_) => &mut self.strangers,
        }
    }

    fn next(&mut self) -> Option<oneshot::Sender<Turn>> {
        let (first, second) = if self.strangers_next {
            (&mut self.strangers, &mut self.friends)
        } else {
            (&mut self.friends, &mut self.strangers)
        };
        if let Some(next) = first.next() {
            self.strangers_next = !self.strangers_next;
            return Some(next);
        }
        second.next()
    }
}

impl Lane {
    fn new(places: usize) -> Self {
        Self { places, taken: 0, groups: HashMap::new(), order: VecDeque::new() }
    }

    fn sit_down(&mut self, group: &Group) -> Result<(), Error> {
        let held = self.groups.get(group).map_or(0, |members| members.seats);
        let groups = self.groups.len() + usize::from(held == 0);
        // Few can exceed the total number of places by this rule: each new group reduces the shares.
        let has_less_than_its_share = held < self.places / groups;
        if self.taken >= self.places && !has_less_than_its_share {
            return Err(Error::Overloaded);
        }
        self.taken += 1;
        self.groups.entry(group.clone()).or_default().seats += 1;
        Ok(())
    }

    fn wait(&mut self, group: &Group, turn: oneshot::Sender<Turn>) {
        let members = self.groups.entry(group.clone()).or_default();
        if members.waiting.is_empty() {
            self.order.push_back(group.clone());
        }
        members.waiting.push_back(turn);
    }

    fn next(&mut self) -> Option<oneshot::Sender<Turn>> {
        let group = self.order.pop_front()?;
        let members = self.groups.get_mut(&group)?;
        let next = members.waiting.pop_front();
        if !members.waiting.is_empty() {
            self.order.push_back(group);
        }
        next
    }

    /// The number of waiting members whose clients are still there.
    fn waiting(&self) -> usize {
        let waiting = self.groups.values().flat_map(|members| &members.waiting);
        waiting.filter(|turn| !turn.is_closed()).count()
    }

    fn leave(&mut self, group: &Group) {
        let Some(members) = self.groups.get_mut(group) else { return };
        self.taken = self.taken.saturating_sub(1);
        members.seats = members.seats.saturating_sub(1);
        // Remove members whose clients are gone.
        members.waiting.retain(|turn| !turn.is_closed());
        if members.waiting.is_empty() {
            self.order.retain(|waiting| waiting != group);
        }
        if members.seats == 0 {
            self.groups.remove(group);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{future::Future, pin::Pin, task::Poll};

    use futures_util::poll;

    use super::*;

    const PLACES: usize = 8;

    fn stranger(network: usize, address: usize) -> Party {
        Party::Stranger(format!("10.{}.{}.{address}", network / 256, network % 256).parse().expect("is an address"))
    }

    fn friend(name: &str) -> Party {
        Party::Friend(Id::stored(name.to_owned()))
    }

    /// A client in the queue.
    struct Waiting<'a>(Pin<Box<dyn Future<Output = Result<Turn, Error>> + 'a>>);

    impl Waiting<'_> {
        async fn turn(&mut self) -> Option<Turn> {
            match poll!(self.0.as_mut()) {
                Poll::Ready(turn) => Some(turn.expect("is called")),
                Poll::Pending => None,
            }
        }
    }

    async fn wait(seat: &Seat) -> Waiting<'_> {
        let mut waiting = Waiting(Box::pin(seat.turn()));
        assert!(waiting.turn().await.is_none(), "has to wait");
        waiting
    }

    #[tokio::test]
    async fn however_many_strangers_wait_a_friend_is_next_or_next_but_one() {
        let queue = Queue::new(1, PLACES);
        let seats: Vec<Seat> = (0..=PLACES).map_while(|n| queue.seat(&stranger(n, 1)).ok()).collect();
        assert_eq!(seats.len(), PLACES, "one network gets each place, and the last is refused");
        let mut running = seats[0].turn().await.expect("is free");
        let mut flood = Vec::new();
        for seat in &seats[1..] {
            flood.push(wait(seat).await);
        }
        for _ in 0..20 {
            assert!(matches!(queue.seat(&stranger(99, 9)), Err(Error::Overloaded)));
            let seat = queue.seat(&friend("owner")).expect("has a distinct place");
            let mut owner = wait(&seat).await;
            drop(running);
            let mut called = owner.turn().await;
            if called.is_none() {
                // A stranger is next, and waits again after that.
                let mut turn = None;
                for (waiting, seat) in flood.iter_mut().zip(&seats[1..]) {
                    if let Some(found) = waiting.turn().await {
                        turn = Some(found);
                        *waiting = wait(seat).await;
                    }
                }
                drop(turn.expect("a listener is called"));
                called = owner.turn().await;
            }
            running = called.expect("the owner is next or next but one");
        }
        let refused = 21;
        let waiting = 7;
        assert_eq!(queue.hashing(), Hashing { slots: 1, in_use: 1, waiting, refused });
    }

    #[tokio::test]
    async fn networks_take_turns_however_many_addresses_they_have() {
        let queue = Queue::new(1, PLACES);
        let many: Vec<Seat> = (0..4).map(|n| queue.seat(&stranger(1, n)).expect("has a place")).collect();
        let one = queue.seat(&stranger(2, 1)).expect("has a place");
        let running = many[0].turn().await.expect("is free");
        let (mut second, mut third) = (wait(&many[1]).await, wait(&many[2]).await);
        let mut other = wait(&one).await;
        drop(running);
        let running = second.turn().await.expect("is next");
        drop(running);
        let running = other.turn().await.expect("is before the third of the same network");
        drop(running);
        assert!(third.turn().await.is_some());
    }

    #[tokio::test]
    async fn a_network_that_holds_all_places_leaves_others_their_share() {
        let queue = Queue::new(1, PLACES);
        let flood: Vec<Seat> = (0..20).map_while(|n| queue.seat(&stranger(1, n)).ok()).collect();
        assert_eq!(flood.len(), PLACES);
        let others: Vec<Seat> = (0..20).map_while(|n| queue.seat(&stranger(2, n)).ok()).collect();
        assert_eq!(others.len(), PLACES / 2);
        assert!(queue.seat(&stranger(1, 99)).is_err());
        drop(flood);
        assert!(queue.seat(&stranger(1, 99)).is_ok());
    }

    #[tokio::test]
    async fn places_are_bounded_by_the_places_and_their_shares() {
        let queue = Queue::new(1, PLACES);
        let mut seats = Vec::new();
        for network in 0..100 {
            for address in 0..100 {
                seats.extend(queue.seat(&stranger(network, address)));
            }
        }
        assert!(seats.len() < PLACES * 3, "{}", seats.len());
    }

    #[tokio::test]
    async fn a_disconnected_client_delays_nobody() {
        let queue = Queue::new(1, PLACES);
        let (first, gone, last) = (friend("a"), friend("a"), friend("a"));
        let (first, gone, last) = (queue.seat(&first), queue.seat(&gone), queue.seat(&last));
        let (first, gone, last) = (first.expect("fits"), gone.expect("fits"), last.expect("fits"));
        let running = first.turn().await.expect("is free");
        let left = wait(&gone).await;
        let mut waiting = wait(&last).await;
        drop(left);
        drop(gone);
        drop(running);
        let turn = waiting.turn().await.expect("is next");
        // A client that disconnects before taking its turn returns it.
        let mut unseen = Box::pin(first.turn());
        assert!(poll!(unseen.as_mut()).is_pending());
        drop(turn);
        drop(unseen);
        assert!(last.turn().await.is_ok(), "the turn is free again");
    }
}
