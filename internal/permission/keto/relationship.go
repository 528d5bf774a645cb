package keto

// relationship is a tuple as Keto's API has it. Keto calls tuples relationships.
type relationship struct {
	Namespace Namespace `json:"namespace"`
	Object    string    `json:"object"`
	Relation  Relation  `json:"relation"`
	// It has one of these. A plain id is of another program: this one never writes it.
	SubjectID  string      `json:"subject_id,omitempty"`
	SubjectSet *subjectSet `json:"subject_set,omitempty"`
}

type subjectSet struct {
	Namespace Namespace `json:"namespace"`
	Object    string    `json:"object"`
	Relation  Relation  `json:"relation"`
}

// change is what a write does with a tuple.
type change struct {
	Action       string       `json:"action"` // "insert" or "delete"
	Relationship relationship `json:"relation_tuple"`
}

func relationshipOf(t Tuple) relationship {
	r := relationship{Namespace: t.Object.Namespace, Object: t.Object.ID, Relation: t.Relation}
	if t.Subject.Namespace == "" {
		r.SubjectID = t.Subject.ID
	} else {
		r.SubjectSet = &subjectSet{t.Subject.Namespace, t.Subject.ID, t.Subject.Relation}
	}
	return r
}

// tuple returns the tuple. A plain subject id becomes a subject without a namespace.
func (r relationship) tuple() Tuple {
	t := Tuple{Object: Object{Namespace: r.Namespace, ID: r.Object}, Relation: r.Relation}
	if set := r.SubjectSet; set != nil {
		t.Subject = Subject{Object: Object{Namespace: set.Namespace, ID: set.Object}, Relation: set.Relation}
	} else {
		t.Subject.ID = r.SubjectID
	}
	return t
}
