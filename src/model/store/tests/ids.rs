//! Which deployment an id in the address means.

use super::*;

proptest::proptest! {
    #[test]
    fn every_id_is_one_deployments_and_finds_it_again(
        entities in vec(entity(), 1..30),
        projects in 1..=3_usize,
        partitions in 1..=4_usize,
    ) {
        let mut store = new_store(projects);
        for mut entity in entities {
            // An id is trimmed, and a key of blanks at its ends is nobody's.
            if entity.key.2.trim() == entity.key.2 {
                entity.key.0 = ProjectId::at(entity.key.0.index() % projects);
                let at = PARTITIONS.iter().position(|p| *p == entity.key.1).unwrap();
                entity.key.1 = PARTITIONS[at % partitions].to_owned();
                store.put(entity.key.0, &entity.row());
            }
        }
        let mut seen = HashMap::new();
        for slot in store.all_slots().filter(|&s| store.is_live(s)) {
            let id = store.id(slot).unwrap();
            prop_assert_eq!(store.by_id(id.as_str()), Some(slot), "{}", id);
            prop_assert_eq!(seen.insert(id.to_string(), slot), None);
            if projects == 1 && partitions == 1 {
                prop_assert_eq!(id.as_str(), store.at(slot).text(Field::RowKey));
            }
        }
    }

    #[test]
    fn no_id_is_read_with_a_panic(id in any::<String>()) {
        let mut store = new_store(2);
        store.put(ProjectId::at(0), &Entity { key: (ProjectId::at(0), "trivia".into(), "1".into()), texts: BTreeMap::new() }.row());
        let _ = store.by_id(&id);
    }
}

#[test]
fn a_bare_key_finds_a_row_also_when_it_is_not_the_only_one() {
    let mut store = new_store(2);
    for (project, partition, key) in [(0, "", "1"), (1, "trivia", "2")] {
        let project = ProjectId::at(project);
        store.put(project, &Entity { key: (project, partition.into(), key.into()), texts: BTreeMap::new() }.row());
    }
    // Links from before there was a second project.
    assert_eq!((store.by_id("1"), store.by_id("2"), store.by_id("3")), (Some(Slot::at(0)), Some(Slot::at(1)), None));
    assert_eq!(
        (store.by_id("trivia:/1"), store.by_id("a:b:trivia/2"), store.by_id("trivia:/2")),
        (Some(Slot::at(0)), None, None)
    );
    assert_eq!(store.id(Slot::at(1)).unwrap().as_str(), "a%3Ab:trivia/2");
}
