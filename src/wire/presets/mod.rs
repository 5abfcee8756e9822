//! The sellers that come with the program, a pair of files each. The only place that names one.

/// A built-in seller: its catalog and its policy, as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// The name that `--catalog` takes.
    pub name: &'static str,
    /// The catalog file.
    pub catalog: &'static str,
    /// The policy file.
    pub policy: &'static str,
}

impl Preset {
    /// The name under which findings and refusals speak of the catalog's text.
    pub fn catalog_origin(&self) -> String {
        format!("{}.catalog.toml", self.name)
    }

    /// The name under which findings and refusals speak of the policy's text.
    pub fn policy_origin(&self) -> String {
        format!("{}.policy.toml", self.name)
    }
}

macro_rules! preset {
    ($name:literal) => {
        Preset {
            name: $name,
            catalog: include_str!(concat!($name, ".catalog.toml")),
            policy: include_str!(concat!($name, ".policy.toml")),
        }
    };
}

const PRESETS: &[Preset] = &[
    preset!("kommo"),
    preset!("kommo-2024"),
    preset!("kumospace"),
    preset!("kustomer"),
    preset!("kaspr"),
];

/// All built-in sellers, the one that is used without a choice first.
pub fn presets() -> &'static [Preset] {
    PRESETS
}

/// The built-in seller of that name.
pub fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

#[cfg(test)]
mod facts;
#[cfg(test)]
mod facts_kommo;
#[cfg(test)]
mod tests {
    use super::super::seller;
    use super::*;

    #[test]
    fn every_built_in_seller_reads_and_reads_again_as_it_was_written() {
        for preset in presets() {
            let catalog = seller::catalog(preset.catalog, &preset.catalog_origin())
                .unwrap_or_else(|found| panic!("{}", found[0]));
            let policy = seller::policy(preset.policy, &preset.policy_origin())
                .unwrap_or_else(|found| panic!("{}", found[0]));
            let written = toml::to_string(&catalog).unwrap();
            assert_eq!(seller::catalog(&written, "again").unwrap(), catalog);
            let written = toml::to_string(&policy).unwrap();
            assert_eq!(seller::policy(&written, "again").unwrap(), policy);
            assert_eq!(catalog.id, policy.id);
            assert_eq!(catalog.effective_from, policy.effective_from);
        }
    }

    #[test]
    fn nothing_is_wrong_or_odd_in_a_built_in_seller() {
        for preset in presets() {
            let (sold, rules) = (preset.catalog_origin(), preset.policy_origin());
            let found = seller::check_both(
                seller::Source {
                    text: preset.catalog,
                    origin: &sold,
                },
                seller::Source {
                    text: preset.policy,
                    origin: &rules,
                },
            );
            let told: Vec<String> = found.iter().map(ToString::to_string).collect();
            assert!(told.is_empty(), "{}", told.join("\n"));
        }
    }
}
