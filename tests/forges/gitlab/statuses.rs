//! The statuses of a commit: jobs of pipelines, and what clusters report.

use serde_json::{Value, json};

use super::{
    At,
    manifests::{flag, one_of, uncounted},
    moment, pages,
};
use crate::forges::{
    call::{Answer, Call},
    world::{Kind, MAIN, Outcome, Run, State, StatusAuthor, Sync, Word, latest},
};

pub(super) const STATUSES: [&str; 9] =
    ["ref", "stage", "name", "pipeline_id", "order_by", "sort", "all", "page", "per_page"];

impl At<'_> {
    /// Jobs of pipelines and what clusters report, in one list.
    pub(super) fn statuses(&self, commit: usize, call: &Call) -> Result<Answer, String> {
        let order = one_of(call, "order_by", &["id", "pipeline_id"])?;
        let direction = one_of(call, "sort", &["asc", "desc"])?;
        let words = self.world.words(commit, self.now);
        let words = if flag(call, "all")? { words } else { latest(words) };
        let mut all: Vec<Value> = words.iter().map(|word| self.status(word)).collect();
        for run in &self.world.runs {
            let is_of = run.kind == Kind::Pipeline && run.place == self.place && run.commit == commit;
            if is_of && run.is_there(self.now) {
                all.push(self.job_status(run));
            }
        }
        all.retain(|status| {
            let text = |name: &str| call.param(name).is_none_or(|wanted| status[name].as_str() == Some(wanted));
            let pipeline = call.param("pipeline_id").is_none_or(|id| status["pipeline_id"].as_u64() == id.parse().ok());
            text("name") && text("ref") && pipeline && call.param("stage").is_none_or(|stage| stage == "external")
        });
        let key = |status: &Value| [status[order].as_u64(), status["id"].as_u64()];
        all.sort_by_key(key);
        if direction == "desc" {
            all.reverse();
        }
        Ok(uncounted(pages(call, all)))
    }

    fn status(&self, word: &Word) -> Value {
        let (status, is_over) = match word.state {
            Sync::Applied => ("success", true),
            Sync::Failed => ("failed", true),
            Sync::Pending => ("pending", false),
        };
        let name = match &word.author {
            StatusAuthor::Flux(cluster) => format!("kustomization/apps/{cluster}"),
            StatusAuthor::Fetched(cluster) => format!("gitrepository/flux-system/{cluster}"),
            StatusAuthor::Argo(cluster) => format!("continuous-delivery/{cluster}"),
            // A job of a pipeline: the list distinguishes it from others by its name alone.
            StatusAuthor::Build => "ci/build".to_owned(),
            StatusAuthor::Check(n) => format!("ci/check-{n}"),
        };
        json!({
            "id": word.id, "sha": self.world.commits[word.commit].id, "ref": MAIN, "status": status, "name": name,
            "target_url": null, "description": word.message, "created_at": moment(word.at), "started_at": null,
            "finished_at": is_over.then(|| moment(word.at)), "allow_failure": false, "coverage": null,
            "pipeline_id": word.commit + 1,
            "author": { "id": 28, "username": "flux", "name": "Flux", "state": "active", "avatar_url": null },
        })
    }

    fn job_status(&self, run: &Run) -> Value {
        let span = run.now(self.now);
        let status = match span.state(self.now) {
            State::Absent | State::Queued | State::Waiting => "pending",
            State::Running => "running",
            State::Ended(Outcome::Succeeded | Outcome::Warned) => "success",
            State::Ended(Outcome::Canceled) => "canceled",
            State::Ended(Outcome::Failed | Outcome::Strange) => "failed",
        };
        json!({
            "id": run.id * 10 + 1, "sha": self.world.commits[run.commit].id, "ref": run.branch, "status": status,
            "name": "build", "target_url": null, "description": null, "created_at": moment(span.queued),
            "started_at": span.began(self.now).map(moment), "finished_at": span.finished(self.now).map(moment),
            "allow_failure": false, "coverage": null, "pipeline_id": run.id,
            "author": self.user(&self.world.people[run.starter]),
        })
    }
}
