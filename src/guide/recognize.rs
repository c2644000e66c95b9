//! Which forge a project uses, inferred from the repositories and links that its rows name.

use super::{ForgeDraft, ForgeKind};
use crate::http::{Origin, decode};

/// The place that most of these addresses are in; of as many the one that came first. With its repository where
/// `with_repository`.
#[must_use]
pub fn forge<'a>(addresses: impl IntoIterator<Item = &'a str>, with_repository: bool) -> Option<ForgeDraft> {
    let mut found: Vec<(ForgeDraft, usize)> = Vec::new();
    for mut place in addresses.into_iter().filter_map(of_address) {
        if place.kind == ForgeKind::AzureDevops && !with_repository {
            place.repository.clear();
        } else if place.kind == ForgeKind::AzureDevops && place.repository.is_empty() {
            continue;
        }
        match found.iter_mut().find(|(known, _)| *known == place) {
            Some((_, count)) => *count += 1,
            None => found.push((place, 1)),
        }
    }
    let most = found.iter().map(|(_, count)| *count).max()?;
    found.into_iter().find(|(_, count)| *count == most).map(|(place, _)| place)
}

/// The place of one address: of a repository, a run, a pull request or a commit. Rows also have them without a scheme.
fn of_address(address: &str) -> Option<ForgeDraft> {
    let address = address.trim();
    let whole = if address.contains("://") { address.to_owned() } else { ["https://", address].concat() };
    let origin = Origin::of(&whole)?;
    let (scheme, host) = origin.as_str().split_once("://")?;
    let path = whole.split_once("://")?.1.split(['?', '#']).next()?;
    let parts: Vec<String> =
        path.split('/').skip(1).filter(|part| !part.is_empty()).map(|part| decode(part, false)).collect();
    let part = |at: usize| parts.get(at).map(|part| part.trim_end_matches(".git").to_owned());
    let after_git = || parts.iter().position(|part| part == "_git").and_then(|at| part(at + 1)).unwrap_or_default();
    if host == "dev.azure.com" || host.ends_with(".visualstudio.com") {
        let old = host.strip_suffix(".visualstudio.com").map(str::to_owned);
        let first = usize::from(old.is_none());
        // A project's own repository is named once: ORG/_git/NAME.
        let project = part(first).filter(|name| name != "_git").or_else(|| part(first + 1))?;
        let organization = old.or_else(|| part(0))?;
        return Some(ForgeDraft { organization, project, repository: after_git(), ..ForgeDraft::default() });
    }
    let is_gitlab = host == "gitlab.com" || host.starts_with("gitlab.") || parts.iter().any(|part| part == "-");
    if is_gitlab {
        let names: Vec<String> = parts.iter().take_while(|part| *part != "-").cloned().collect();
        let project = names.join("/").trim_end_matches(".git").to_owned();
        let api = if host == "gitlab.com" { String::new() } else { [scheme, "://", host, "/api/v4"].concat() };
        return (names.len() > 1).then(|| ForgeDraft {
            kind: ForgeKind::Gitlab,
            project,
            api,
            ..ForgeDraft::default()
        });
    }
    let is_github = host == "github.com" || host.starts_with("github.") || parts.iter().any(|part| part == "actions");
    let api = if host == "github.com" { String::new() } else { [scheme, "://", host, "/api/v3"].concat() };
    let repository = [part(0)?, part(1)?].join("/");
    is_github.then(|| ForgeDraft { kind: ForgeKind::Github, repository, api, ..ForgeDraft::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        #[track_caller]
        fn check(address: &str, with_repository: bool, expect: &str) {
            let text = forge([address], with_repository).map_or_else(String::new, |place| {
                let ForgeDraft { kind, organization, project, repository, api } = place;
                [kind.as_str(), &organization, &project, &repository, &api].join(" ").trim_end().to_owned()
            });
            assert_eq!(text, expect, "{address}");
        }
        check("https://dev.azure.com/contoso/trivia/_build/results?buildId=7", false, "azure-devops contoso trivia");
        check("https://dev.azure.com/contoso/My%20Shop/_git/api", true, "azure-devops contoso My Shop api");
        check("https://dev.azure.com/contoso/My%20Shop/_git/api", false, "azure-devops contoso My Shop");
        check("https://dev.azure.com/contoso/_git/trivia", true, "azure-devops contoso trivia trivia");
        check("https://contoso.visualstudio.com/trivia/_git/api", true, "azure-devops contoso trivia api");
        check("https://dev.azure.com/contoso/trivia", true, "");
        check("github.com/contoso/trivia.git", false, "github   contoso/trivia");
        check("https://github.com/contoso/trivia/actions/runs/7", false, "github   contoso/trivia");
        check(
            "https://code.contoso.example/contoso/trivia/actions/runs/7",
            false,
            "github   contoso/trivia https://code.contoso.example/api/v3",
        );
        check("https://gitlab.com/group/sub/trivia/-/pipelines/1", false, "gitlab  group/sub/trivia");
        check(
            "https://git.contoso.example/group/trivia/-/jobs/1",
            false,
            "gitlab  group/trivia  https://git.contoso.example/api/v4",
        );
        check("contoso/trivia", false, "");
        check("https://example.com/a/b", false, "");
        check("javascript://github.com/a/b", false, "");
    }

    #[test]
    fn the_most_common_one() {
        let all = ["github.com/a/one", "github.com/a/two", "nonsense", "https://github.com/a/two/pull/7"];
        assert_eq!(forge(all, false).unwrap().repository, "a/two");
        assert_eq!(forge([], false), None);
    }
}
