//! What a command works with: settings, clock, streams, the one who is asked, and the desk behind them.

use super::ask::{Ask, asker};
use super::clock::{Clock, moment};
use super::failure::Failure;
use super::groups::{Behalf, Change, Look};
use super::out::Out;
use super::parse::When;
use super::reply::Reply;
use super::settings::{Origin, Settings};
use crate::billing::listed;
use crate::desk::payment::Pay;
use crate::desk::{
    self, Desk, Effect, Gateways, Given, Outcome, Patience, Purpose, Question, Request, Starter,
    Terms,
};
use crate::wire::seller::{Preset, preset, presets};
use chrono_tz::Tz;

/// What a command works with.
pub(super) struct Context {
    /// Flags, environment and file.
    pub(super) settings: Settings,
    /// The wall clock.
    pub(super) clock: Clock,
    /// The two streams.
    pub(super) out: Out,
}

impl Context {
    /// Answers a question from the database.
    pub(super) fn ask<Q: Question>(&self, look: &Look, question: &Q) -> Result<Reply, Failure> {
        let mut desk = self.open(Purpose::Look)?;
        let reply = self.ask_at(&mut desk, look, question);
        leave(desk);
        reply
    }

    /// Answers a question that a member may have asked.
    pub(super) fn ask_for<Q: Question>(
        &self,
        look: &Look,
        behalf: &Behalf,
        question: &Q,
    ) -> Result<Reply, Failure> {
        let mut desk = self.open(Purpose::Look)?;
        let document = desk.ask_in_zone(question, |zone| {
            Ok::<_, Failure>(Terms {
                on_behalf: behalf.on_behalf.clone(),
                ..self.terms_of_look(look, self.zone_named(zone)?)
            })
        })?;
        leave(desk);
        Ok(Reply::document(document, look.shape.form()))
    }

    /// Answers a question that the built-in seller can answer where there is no database yet.
    pub(super) fn ask_seller<Q: Question>(
        &self,
        look: &Look,
        question: &Q,
    ) -> Result<Reply, Failure> {
        if Desk::has_content(&self.settings.db.value) {
            return self.ask(look, question);
        }
        let mut desk = self.rehearsal()?;
        let reply = self.ask_at(&mut desk, look, question)?;
        Ok(reply.note(format!(
            "There is no database yet; this is the built-in catalog {}.",
            self.settings.catalog.value
        )))
    }

    fn ask_at<Q: Question>(
        &self,
        desk: &mut Desk,
        look: &Look,
        question: &Q,
    ) -> Result<Reply, Failure> {
        let document = desk.ask_in_zone(question, |zone| {
            Ok::<_, Failure>(self.terms_of_look(look, self.zone_named(zone)?))
        })?;
        Ok(Reply::document(document, look.shape.form()))
    }

    /// Carries out a change, or tries it.
    pub(super) fn perform<R: Request>(
        &self,
        change: &Change,
        request: &R,
    ) -> Result<Reply, Failure> {
        let effect = match change.dry_run {
            true => Effect::DryRun,
            false => Effect::Kept,
        };
        let outcome = self.outcome(change, effect, request)?;
        Ok(Reply::outcome(outcome, change.look.shape.form()).detail(change.detail()))
    }

    /// Carries out a change with an effect of the command's own choice: a guided command tries first.
    pub(super) fn outcome<R: Request>(
        &self,
        change: &Change,
        effect: Effect,
        request: &R,
    ) -> Result<Outcome, Failure> {
        if !Desk::has_content(&self.settings.db.value) {
            // A refused first change leaves no file behind.
            let mut desk = self.rehearsal()?;
            let terms = self.terms(change, Effect::DryRun, self.zone(&mut desk)?);
            in_time(&terms, effect)?;
            let tried = desk.perform(&terms, request)?;
            if effect == Effect::DryRun {
                return Ok(tried);
            }
        }
        let mut desk = self.open_for_change()?;
        let terms = self.terms(change, effect, self.zone(&mut desk)?);
        Ok(desk.perform(&terms, request)?)
    }

    /// Works at the desk with an effect of the command's own choice. Where there is no database yet, a try
    /// leaves none behind, and a refused first change neither.
    pub(super) fn at_desk<T>(
        &self,
        change: &Change,
        effect: Effect,
        work: impl Fn(&mut Desk, &Terms) -> Result<T, desk::Failure>,
    ) -> Result<T, Failure> {
        if !Desk::has_content(&self.settings.db.value) {
            let mut desk = self.rehearsal()?;
            let terms = self.terms(change, Effect::DryRun, self.zone(&mut desk)?);
            let tried = work(&mut desk, &terms)?;
            if effect == Effect::DryRun {
                return Ok(tried);
            }
        }
        let mut desk = self.open_for_change()?;
        let terms = self.terms(change, effect, self.zone(&mut desk)?);
        Ok(work(&mut desk, &terms)?)
    }

    /// Names of accounts to choose from; none where there is no database yet.
    pub(super) fn account_names(&self) -> Result<Vec<String>, Failure> {
        if !Desk::has_content(&self.settings.db.value) {
            return Ok(Vec::new());
        }
        let mut desk = self.open(Purpose::Look)?;
        let today = self.clock.recorded_at.date_naive();
        let names = desk.names(desk::Names::Accounts, "", today)?;
        Ok(names.into_iter().map(|(name, _)| name).collect())
    }

    /// The payment gateways of the setting.
    pub(super) fn gateways(&self) -> Result<Gateways, Failure> {
        let setting = Some(self.settings.gateway.value.as_str());
        Gateways::from_setting(setting).map_err(|error| Failure::usage(format!("{error}.")))
    }

    /// Pays an order, asking the gateway where one must be asked.
    pub(super) fn pay(&self, change: &Change, pay: &Pay) -> Result<Reply, Failure> {
        self.with_gateways(change, |desk, terms, gateways| {
            desk.pay(terms, pay, gateways)
        })
    }

    /// Carries out a change for which a gateway may have to be asked.
    pub(super) fn with_gateways(
        &self,
        change: &Change,
        carry_out: impl FnOnce(&mut Desk, &Terms, &Gateways) -> Result<Outcome, desk::Failure>,
    ) -> Result<Reply, Failure> {
        let gateways = self.gateways()?;
        let effect = if change.dry_run {
            Effect::DryRun
        } else {
            Effect::Kept
        };
        let mut desk = self.open(Purpose::Write)?;
        let terms = self.terms(change, effect, self.zone(&mut desk)?);
        in_time(&terms, effect)?;
        let outcome = carry_out(&mut desk, &terms, &gateways)?;
        Ok(Reply::outcome(outcome, change.look.shape.form()).detail(change.detail()))
    }

    /// Looks at what a change would bring for which a gateway may have to be asked; nobody is asked yet.
    pub(super) fn before<T>(
        &self,
        change: &Change,
        look: impl FnOnce(&mut Desk, &Terms, &Gateways) -> Result<T, desk::Failure>,
    ) -> Result<T, Failure> {
        let gateways = self.gateways()?;
        let mut desk = self.open(Purpose::Look)?;
        let terms = self.terms(change, Effect::DryRun, self.zone(&mut desk)?);
        Ok(look(&mut desk, &terms, &gateways)?)
    }

    /// Opens the database for a change; a new one gets its seller, and a person is told.
    pub(super) fn open_for_change(&self) -> Result<Desk, Failure> {
        let file = &self.settings.db.value;
        if Desk::has_content(file) {
            let mut desk = self.open(Purpose::Write)?;
            match desk.began_with()? {
                Some(began_with) => self.same_catalog(&began_with)?,
                None => desk.start(self.preset()?, &self.starter()?)?,
            }
            return Ok(desk);
        }
        let (preset, starter) = (self.preset()?, self.starter()?);
        let mut desk = self.open(Purpose::Create)?;
        desk.start(preset, &starter)?;
        self.out.status(&format!(
            "Created {} with the catalog and policy of {}.",
            file.display(),
            preset.name
        ));
        Ok(desk)
    }

    /// Opens the database.
    pub(super) fn open(&self, purpose: Purpose) -> Result<Desk, Failure> {
        let out = self.out;
        let patience = Patience {
            at_most: self.settings.lock_timeout.value,
            tell: Box::new(move |file| {
                out.status(&format!(
                    "Waiting for another program to finish writing {}.",
                    file.display()
                ));
            }),
        };
        Ok(Desk::open(&self.settings.db.value, purpose, patience)?)
    }

    /// A new database in memory, for what is to leave nothing behind.
    pub(super) fn rehearsal(&self) -> Result<Desk, Failure> {
        let mut desk = Desk::in_memory()?;
        desk.start(self.preset()?, &self.starter()?)?;
        Ok(desk)
    }

    /// The terms of a look: nothing is kept, and the day is free.
    pub(super) fn terms_of_look(&self, look: &Look, zone: Tz) -> Terms {
        let now = self.clock.now(zone);
        Terms {
            at: look.as_of.map_or(now, |when| moment(when, zone)),
            given: given(look.as_of),
            now,
            recorded_at: self.clock.recorded_at,
            by: self.settings.by.value.clone(),
            on_behalf: None,
            reason: None,
            key: None,
            effect: Effect::DryRun,
        }
    }

    pub(super) fn terms(&self, change: &Change, effect: Effect, zone: Tz) -> Terms {
        let by = change.by.as_ref().unwrap_or(&self.settings.by.value);
        Terms {
            by: by.clone(),
            on_behalf: change.on_behalf.clone(),
            reason: change.reason.clone(),
            key: change.key.clone(),
            effect,
            ..self.terms_of_look(&change.look, zone)
        }
    }

    /// The seller's zone.
    pub(super) fn zone(&self, desk: &mut Desk) -> Result<Tz, Failure> {
        self.zone_named(desk.zone()?)
    }

    /// The zone that a file names; that of the built-in seller where it names none.
    fn zone_named(&self, name: Option<String>) -> Result<Tz, Failure> {
        let name = match name {
            Some(name) => name,
            None => desk::zone_of(self.preset()?)?,
        };
        name.parse().map_err(|_| {
            Failure::broken(anyhow::anyhow!(
                "{name:?} is not a time zone of the IANA database"
            ))
        })
    }

    fn starter(&self) -> Result<Starter, Failure> {
        let zone: Tz = desk::zone_of(self.preset()?)?.parse().unwrap_or(Tz::UTC);
        Ok(Starter {
            by: self.settings.by.value.clone(),
            recorded_at: self.clock.recorded_at,
            now: self.clock.now(zone),
        })
    }

    /// The built-in seller that a new database gets.
    pub(super) fn preset(&self) -> Result<&'static Preset, Failure> {
        let name = &self.settings.catalog.value;
        preset(name).ok_or_else(|| {
            let names: Vec<&str> = presets().iter().map(|preset| preset.name).collect();
            Failure::usage(format!("There is no built-in catalog {name:?}.")).say(format!(
                "The built-in catalogs are {}.",
                listed::and(&names)
            ))
        })
    }

    /// `--catalog` chooses for a new database; on one that began otherwise it would be ignored silently.
    fn same_catalog(&self, began_with: &str) -> Result<(), Failure> {
        let wanted = &self.settings.catalog;
        if wanted.origin != Origin::Flag("--catalog") || wanted.value == began_with {
            return Ok(());
        }
        self.preset()?;
        Err(Failure::usage(format!(
            "{} began with the catalog {began_with}, and --catalog {} chooses only for a new database.",
            self.settings.db.value.display(),
            wanted.value
        ))
        .run(format!("catalog use {}", wanted.value)))
    }

    /// What sending mail needs.
    pub(super) fn setup(&self) -> crate::desk::outbox::Setup {
        self.settings.mail.setup(&self.settings.db.value)
    }

    /// Whoever answers questions.
    pub(super) fn asker(&self, change: &Change) -> Box<dyn Ask> {
        asker(change, &self.out)
    }

    /// Asks for a yes before something that is hard to take back.
    pub(super) fn confirm(&self, change: &Change, question: &str) -> Result<(), Failure> {
        if !change.asks() {
            return Ok(());
        }
        match self.asker(change).confirm(question, "--yes")? {
            true => Ok(()),
            false => Err(Failure::Stopped),
        }
    }

    /// Asks for a yes before an account is brought back for a charge that is made at once.
    pub(super) fn confirm_charge(
        &self,
        change: &Change,
        account: &str,
        charge: impl FnOnce(&mut Desk, &Terms, &Gateways) -> Result<Option<String>, desk::Failure>,
    ) -> Result<(), Failure> {
        if !change.asks() {
            return Ok(());
        }
        match self.before(change, charge)? {
            Some(words) => self.confirm(
                change,
                &format!("Bring {account} back at once, and charge {words}?"),
            ),
            None => Ok(()),
        }
    }
}

/// Leaves a desk at which was only looked as it is. The program ends now, and SQLite would give back its memory
/// piece by piece, a fifteenth of the time that showing an account takes.
fn leave(desk: Desk) {
    std::mem::forget(desk);
}

/// A rehearsal is a dry run, which may lie in the future; what it rehearses may not.
fn in_time(terms: &Terms, effect: Effect) -> Result<(), Failure> {
    match effect {
        Effect::Kept => Ok(desk::expect_not_future(terms)?),
        Effect::DryRun => Ok(()),
    }
}

fn given(as_of: Option<When>) -> Given {
    match as_of {
        Some(_) => Given::ByHand,
        None => Given::ByClock,
    }
}
