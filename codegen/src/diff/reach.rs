//! The operations that lead to each pair.

use std::collections::HashSet;
use std::sync::Arc;

use super::directions::Directions;
use super::graph::PairGraph;
use super::id_set::IdSet;
use super::report::Operations;

/// A pair of shared sets of operations, by direction.
#[derive(Clone, Debug, Default, Eq, Hash, PartialEq)]
pub(super) struct Reached {
    request: Option<Arc<IdSet>>,
    response: Option<Arc<IdSet>>,
}

/// Sets of the operations that lead to the nodes of a graph.
///
/// Schemas that refer to each other in a cycle are reached by the same operations. They share one set, so that neither
/// time nor memory grows with the product of operations and schemas.
#[derive(Debug)]
pub(super) struct Reach {
    nodes: Vec<Reached>,
    /// The names of the operations in order. Sets hold their indices.
    names: Arc<[String]>,
    known: HashSet<Arc<IdSet>>,
    /// The number of edges that have been followed.
    steps: usize,
}

impl Reached {
    /// The directions in which operations lead to the node.
    pub(super) fn directions(&self) -> Directions {
        let has = |set: &Option<Arc<IdSet>>, direction| if set.is_some() { direction } else { Directions::NONE };
        has(&self.request, Directions::REQUEST).union(has(&self.response, Directions::RESPONSE))
    }

    /// Adds the operations of another node, in some directions.
    pub(super) fn extend(&mut self, other: &Self, directions: Directions) {
        for (direction, own, other) in [
            (Directions::REQUEST, &mut self.request, &other.request),
            (Directions::RESPONSE, &mut self.response, &other.response),
        ] {
            if let Some(other) = other.as_ref().filter(|_| directions.contains(direction)) {
                extend(own, other);
            }
        }
    }
}

/// Adds to a set, which is copied only if neither of both has all members of the other.
fn extend(set: &mut Option<Arc<IdSet>>, other: &Arc<IdSet>) {
    match set {
        Some(own) if Arc::ptr_eq(own, other) || own.is_superset(other) => {}
        Some(own) if !other.is_superset(own) => Arc::make_mut(own).extend(other),
        _ => *set = Some(other.clone()),
    }
}

impl Reach {
    pub(super) fn new(graph: &PairGraph) -> Self {
        let mut names: Vec<String> = graph.roots.iter().map(|(_, name)| name.clone()).collect();
        names.sort_unstable();
        names.dedup();
        let nodes = vec![Reached::default(); graph.nodes.len()];
        let mut reach = Self { nodes, names: names.into(), known: HashSet::new(), steps: 0 };
        for direction in [Directions::REQUEST, Directions::RESPONSE] {
            reach.propagate(graph, direction);
        }
        reach
    }

    /// The operations that lead to a node.
    pub(super) fn of(&self, node: usize) -> Reached {
        self.nodes.get(node).cloned().unwrap_or_default()
    }

    /// The operations of both directions together.
    pub(super) fn operations(&mut self, reached: &Reached) -> Operations {
        let mut all = reached.request.clone();
        if let Some(response) = &reached.response {
            extend(&mut all, response);
        }
        let all = all.unwrap_or_default();
        Operations::new(self.names.clone(), self.shared(all))
    }

    fn shared(&mut self, set: Arc<IdSet>) -> Arc<IdSet> {
        if let Some(known) = self.known.get(&set) {
            return known.clone();
        }
        self.known.insert(set.clone());
        set
    }

    /// Passes the operations on along the edges of a direction, from each strongly connected component to the next ones.
    fn propagate(&mut self, graph: &PairGraph, direction: Directions) {
        let roots = graph.roots.iter().map(|(node, _)| *node);
        let mut search = Search::new(graph, direction);
        roots.for_each(|root| search.visit(root));
        self.steps += search.steps;
        let Search { components, component_of, .. } = search;
        let mut sets: Vec<Option<Arc<IdSet>>> = vec![None; components.len()];
        for (node, name) in &graph.roots {
            if let (Ok(id), Some(set)) = (self.names.binary_search(name), sets.get_mut(component_of[*node])) {
                extend(set, &Arc::new(IdSet::single(id)));
            }
        }
        // The last component that was found leads to the others.
        for (nth, component) in components.iter().enumerate().rev() {
            let Some(set) = sets[nth].take().map(|set| self.shared(set)) else { continue };
            for &node in component {
                let reached = &mut self.nodes[node];
                let own = if direction == Directions::REQUEST { &mut reached.request } else { &mut reached.response };
                *own = Some(set.clone());
                for next in graph.next(node, direction) {
                    self.steps += 1;
                    let other = component_of[next];
                    if other != nth {
                        extend(&mut sets[other], &set);
                    }
                }
            }
        }
    }
}

/// Tarjan's search for strongly connected components.
struct Search<'g> {
    graph: &'g PairGraph,
    direction: Directions,
    /// The components found so far; all components that one leads to are found before it.
    components: Vec<Vec<usize>>,
    /// The component of each node that belongs to one.
    component_of: Vec<usize>,
    /// The order in which nodes were met, and the earliest node that each leads back to.
    met: Vec<usize>,
    lowest: Vec<usize>,
    count: usize,
    /// The nodes that don't belong to a component yet.
    open: Vec<usize>,
    steps: usize,
}

/// Marks nodes that weren't met or belong to no component yet.
const NONE: usize = usize::MAX;

impl<'g> Search<'g> {
    fn new(graph: &'g PairGraph, direction: Directions) -> Self {
        let all = || vec![NONE; graph.nodes.len()];
        let (component_of, met, lowest) = (all(), all(), all());
        Self {
            graph,
            direction,
            components: Vec::new(),
            component_of,
            met,
            lowest,
            count: 0,
            open: Vec::new(),
            steps: 0,
        }
    }

    /// Finds the components that a node leads to. The path is a list, since it may have a node for each schema.
    fn visit(&mut self, start: usize) {
        if self.met[start] != NONE {
            return;
        }
        self.enter(start);
        let mut path = vec![(start, 0)];
        while let Some((node, edge)) = path.last_mut() {
            let node = *node;
            let Some((next, directions)) = self.graph.nodes[node].edges.get(*edge).copied() else {
                path.pop();
                if let Some((above, _)) = path.last() {
                    self.lowest[*above] = self.lowest[*above].min(self.lowest[node]);
                }
                self.leave(node);
                continue;
            };
            *edge += 1;
            self.steps += 1;
            if !directions.contains(self.direction) {
                continue;
            }
            if self.met[next] == NONE {
                self.enter(next);
                path.push((next, 0));
            } else if self.component_of[next] == NONE {
                self.lowest[node] = self.lowest[node].min(self.met[next]);
            }
        }
    }

    fn enter(&mut self, node: usize) {
        self.met[node] = self.count;
        self.lowest[node] = self.count;
        self.count += 1;
        self.open.push(node);
    }

    /// Closes the component of a node that leads back to no earlier one.
    fn leave(&mut self, node: usize) {
        if self.lowest[node] != self.met[node] {
            return;
        }
        let start = self.open.iter().rposition(|other| *other == node).unwrap_or_default();
        let component = self.open.split_off(start);
        for member in &component {
            self.component_of[*member] = self.components.len();
        }
        self.components.push(component);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A graph whose nodes after the operations all lead to `degree` others.
    fn dense(operations: usize, schemas: usize, degree: usize) -> PairGraph {
        let mut graph = PairGraph::new();
        let roots: Vec<_> = (0..operations).map(|nth| graph.add_operation(format!("GET /{nth:05}"))).collect();
        let nodes: Vec<_> = (0..schemas).map(|_| graph.add_node()).collect();
        let mut random = fastrand::Rng::with_seed(1);
        for from in roots.iter().chain(&nodes) {
            for _ in 0..degree {
                let directions = random.choice([Directions::REQUEST, Directions::RESPONSE, Directions::BOTH]);
                graph.add_edge(*from, nodes[random.usize(..schemas)], directions.unwrap_or_default());
            }
        }
        graph
    }

    /// The operations that lead to each node in a direction, found by a search from each operation.
    fn searched(graph: &PairGraph, direction: Directions) -> Vec<Vec<String>> {
        let mut found = vec![Vec::new(); graph.nodes.len()];
        for (root, name) in &graph.roots {
            let (mut seen, mut open) = (HashSet::new(), vec![*root]);
            while let Some(node) = open.pop() {
                if seen.insert(node) {
                    found[node].push(name.clone());
                    open.extend(graph.next(node, direction));
                }
            }
        }
        found
    }

    #[test]
    fn operations_are_those_that_a_search_from_each_of_them_finds() {
        for degree in [1, 2, 4] {
            let graph = dense(70, 100, degree);
            let mut reach = Reach::new(&graph);
            let (request, response) = (searched(&graph, Directions::REQUEST), searched(&graph, Directions::RESPONSE));
            for node in 0..graph.nodes.len() {
                for (direction, expected) in [(Directions::REQUEST, &request), (Directions::RESPONSE, &response)] {
                    let mut one = Reached::default();
                    one.extend(&reach.of(node), direction);
                    let found: Vec<_> = reach.operations(&one).iter().map(str::to_owned).collect();
                    assert_eq!(found, expected[node], "node {node} of degree {degree}");
                    assert_eq!(one.directions().is_empty(), found.is_empty());
                }
            }
        }
    }

    #[test]
    fn work_and_memory_on_a_dense_cycle_are_linear() {
        for size in [100, 1_000] {
            let graph = dense(size, size, 8);
            let mut reach = Reach::new(&graph);
            let edges: usize = graph.nodes.iter().map(|node| node.edges.len()).sum();
            assert!(reach.steps <= 4 * edges, "{} steps for {edges} edges", reach.steps);
            let sets: HashSet<_> = (0..graph.nodes.len()).map(|node| reach.of(node)).collect();
            let sets: HashSet<_> = sets.into_iter().map(|reached| reach.operations(&reached)).collect();
            // One for each operation, and hardly any more for all schemas.
            assert!(sets.len() < size + size / 10, "{} sets for {size} operations", sets.len());
        }
    }
}
