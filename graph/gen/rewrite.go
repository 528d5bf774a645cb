package main

import (
	"errors"
	"fmt"
	"go/format"
	"regexp"
	"strings"
)

const (
	graphqlImport = "\t\"github.com/99designs/gqlgen/graphql\"\n"
	marshalImport = "\t\"github.com/catfoster/catfoster/graph/marshal\"\n"
	bytesImport   = "\t\"bytes\"\n"
)

// rewrite changes seven things in the code that gqlgen has written:
//
//   - Lists are marshaled by marshal.Slice, in order, instead of on a goroutine for every
//     element.
//   - Scalar fields that a struct has are encoded at once, where they are. gqlgen makes a field
//     context for each and calls the field through closures and middleware. Nothing observes
//     these fields: they have no resolver and no directive, cannot fail and take no time.
//   - Fields of a struct that are objects keep their context, as their own fields may fail, but
//     are not called through closures and middleware: marshal.Field. Field middleware
//     (AroundFields) therefore sees only fields with a resolver or a method, and lists.
//   - Objects are encoded by marshal.Object, without a map and a path for each of them.
//   - The data of a response is encoded by marshal.Data, which bounds its size.
//   - A mutation stops at the first field that makes the data null, as the specification of GraphQL
//     allows: what follows would change something, and the answer could not say so.
//   - The complexity of a field is asked for without the two allocations of an execution context. gqlgen relies on the compiler to
//     inline them, which it does not do in a function for so many fields.
//
// A page of 20 cats takes 1,133 allocations instead of 4,618, and half of the CPU time: see
// docs/performance.md. TestHandler_Allocations pins the number.
//
// The error says what does not look as expected, as after an upgrade of gqlgen. Then this
// program has to be adapted, and nothing may be written.
func rewrite(source []byte) ([]byte, error) {
	text := string(source)
	if strings.Count(text, graphqlImport) != 1 || strings.Count(text, bytesImport) != 1 {
		return nil, errors.New("it does not import bytes and gqlgen's package graphql")
	}
	text = strings.Replace(text, graphqlImport, graphqlImport+marshalImport, 1)

	method := regexp.MustCompile(`(?ms)^func \(\w+ \*\w+\) ([\pL\pN_]+)\(.*?^\}$`)
	r := rewriter{methods: map[string]string{}, done: map[string]int{}}
	for _, found := range method.FindAllStringSubmatch(text, -1) {
		r.methods[found[1]] = found[0]
	}
	var problems []error
	text = method.ReplaceAllStringFunc(text, func(body string) string {
		name := method.FindStringSubmatch(body)[1]
		rewritten, err := r.rewrite(name, body)
		if err != nil {
			problems = append(problems, fmt.Errorf("%s: %w", name, err))
		}
		return rewritten
	})
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	for _, change := range []struct{ kind, missing string }{
		{"data", "there is no function Exec"},
		{"mutation", "there is no function _Mutation"},
		{"complexity", "there is no function Complexity"},
		{"object", "no object has a graphql.DeferredGroup"},
		{"list", "no list is marshaled by graphql.MarshalSliceConcurrently"},
		{"graphql.MarshalString", "no field of a struct is encoded by graphql.MarshalString"},
		{"graphql.MarshalInt", "no field of a struct is encoded by graphql.MarshalInt"},
		{"graphql.MarshalBoolean", "no field of a struct is encoded by graphql.MarshalBoolean"},
		{"scalar.MarshalID", "no field of a struct is encoded by scalar.MarshalID"},
		{"object field", "no field of a struct is an object"},
	} {
		if r.done[change.kind] == 0 {
			return nil, errors.New(change.missing)
		}
	}
	if !strings.Contains(text, "bytes.") { // Subscriptions use it still.
		text = strings.Replace(text, bytesImport, "", 1)
	}
	return format.Source([]byte(text))
}

// rewriter changes one method after the other.
type rewriter struct {
	methods map[string]string // as gqlgen has written them, by name
	done    map[string]int    // how many changes were made, by kind
}

func (r rewriter) rewrite(name, body string) (string, error) {
	if name == "_Mutation" {
		var err error
		if body, err = r.rewriteMutation(body); err != nil {
			return "", err
		}
	}
	switch {
	case name == "Exec":
		return r.rewriteData(body)
	case name == "Complexity":
		return r.rewriteComplexity(body)
	case strings.Contains(body, "graphql.NewDeferredGroup(ctx)"):
		return r.rewriteObject(body)
	case strings.Contains(body, "graphql.MarshalSliceConcurrently"):
		return r.rewriteList(body)
	case strings.Contains(body, "graphql.ResolveField("):
		return r.rewriteField(body)
	}
	return body, nil
}

// rewriteData replaces how the data of responses is encoded by the method that executes
// operations: once for queries and once for mutations.
func (r rewriter) rewriteData(body string) (string, error) {
	encoding := regexp.MustCompile(`var buf bytes\.Buffer\s+data\.MarshalGQL\(&buf\)`)
	if n := len(encoding.FindAllString(body, -1)); n != 2 {
		return "", fmt.Errorf("data is encoded in %d places as expected, want 2", n)
	}
	r.done["data"]++
	return encoding.ReplaceAllString(body, "buf := marshal.Data(ctx, data)"), nil
}

// rewriteComplexity replaces how the method that counts the complexity of a field makes its context, which it does not keep.
func (r rewriter) rewriteComplexity(body string) (string, error) {
	const begins = "\tec := newExecutionContext(nil, e, nil)\n"
	if strings.Count(body, begins) != 1 {
		return "", errors.New("the function does not begin with an execution context")
	}
	r.done["complexity"]++
	return strings.Replace(body, begins, `	ec := &executionContext{&graphql.ExecutionContextState[ResolverRoot, DirectiveRoot, ComplexityRoot]{
		ExecutableSchemaState: (*graphql.ExecutableSchemaState[ResolverRoot, DirectiveRoot, ComplexityRoot])(e),
		ParsedSchema:          parsedSchema,
	}}
`, 1), nil
}

// rewriteMutation lets the method that resolves the fields of a mutation return when one that must not be null is null.
func (r rewriter) rewriteMutation(body string) (string, error) {
	const counts, returns = "\t\t\t\tout.Invalids++\n", "\t\t\t\treturn graphql.Null\n"
	if !strings.Contains(body, counts) {
		return "", errors.New("the function does not count null in out.Invalids")
	}
	r.done["mutation"]++
	return strings.ReplaceAll(body, counts, returns), nil
}

// rewriteObject replaces, in a method that resolves the fields of an object, how its group of
// deferred fields begins and what it returns.
func (r rewriter) rewriteObject(body string) (string, error) {
	const begins, end = "\tdeferred := graphql.NewDeferredGroup(ctx)\n", "\treturn out\n}"
	if strings.Count(body, begins) != 1 || !strings.HasSuffix(body, end) {
		return "", errors.New("the function that resolves an object does not look as expected")
	}
	r.done["object"]++
	body = strings.Replace(body, begins, "\tdeferred := marshal.DeferredGroup(ctx, fields)\n", 1)
	return strings.TrimSuffix(body, end) + "\treturn marshal.Object(out, fields, deferred)\n}", nil
}

// rewriteList replaces the call that marshals a list. The arguments between length and function
// are a limit of workers and the switch that leaves out the recovery from panics.
func (r rewriter) rewriteList(body string) (string, error) {
	const call = "graphql.MarshalSliceConcurrently(ctx, len(v), 0, false, func("
	if !strings.Contains(body, call) {
		return "", errors.New("graphql.MarshalSliceConcurrently has other arguments than expected")
	}
	r.done["list"]++
	return strings.Replace(body, call, "marshal.Slice(ctx, len(v), func(", 1), nil
}

// rewriteField replaces the body of a method that resolves a field of a struct.
func (r rewriter) rewriteField(body string) (string, error) {
	field := regexp.MustCompile(`^(func .*) \{
	return graphql\.ResolveField\(
		ctx,
		ec\.OperationContext,
		field,
		func\(ctx context\.Context, field graphql\.CollectedField\) \(\*graphql\.FieldContext, error\) \{
			return ec\.([\pL\pN_]+)\(ctx, field\)
		\},
		func\(ctx context\.Context\) \(any, error\) \{
			return (obj(?:\.\w+)+), nil
		\},
		nil,
		func\(ctx context\.Context, selections ast\.SelectionSet, v \S+\) graphql\.Marshaler \{
			return ec\.([\pL\pN_]+)\(ctx, selections, v\)
		\},
		(?:true|false),
		(?:true|false),
	\)
\}$`)
	found := field.FindStringSubmatch(body)
	if found == nil {
		ofStruct := regexp.MustCompile(`(?m)^\t\t\treturn obj(\.\w+)+, nil$`)
		if ofStruct.MatchString(body) && strings.Contains(body, "\n\t\tnil,\n") {
			return "", errors.New("graphql.ResolveField does not look as expected")
		}
		return body, nil // It has a resolver, a method or a directive.
	}
	signature, newContext, value, marshal := found[1], found[2], found[3], found[4]
	target := r.methods[marshal]
	if target == "" {
		return "", fmt.Errorf("there is no function %s", marshal)
	}
	result := r.encode(marshal, target, value)
	if result == "" && marshalsObject(target) {
		r.done["object field"]++
		result = fmt.Sprintf("marshal.Field(ctx, field, ec.%s, %s, ec.%s)", newContext, value, marshal)
	}
	if result == "" {
		return body, nil // Its value is a list, or encoding it may fail.
	}
	return signature + " {\n\treturn " + result + "\n}", nil
}

// neverNull are the functions that encode a value and never return graphql.Null. Encoding
// with them cannot fail, so no error needs the path of the field. The values are the
// functions that encode the same from a pointer to the value, without copying it to the heap.
func neverNull() map[string]string {
	return map[string]string{
		"graphql.MarshalString": "marshal.String", "graphql.MarshalInt": "marshal.Int", "graphql.MarshalBoolean": "marshal.Boolean",
		"scalar.MarshalID": "marshal.ID", "scalar.MarshalDate": "", "scalar.MarshalURL": "",
	}
}

// nilIsNull is the beginning of a marshal method whose value may be nil.
const nilIsNull = `\tif v == nil \{
		return graphql\.Null
	\}
`

// encode returns the expression that encodes the value of a scalar: in its place if there is a
// function for it, and otherwise by the marshal method. It is empty if the method adds an error,
// or returns null for a value that is not nil.
func (r rewriter) encode(marshal, method, value string) string {
	byFunction := regexp.MustCompile(`\{
(?:` + nilIsNull + `)?(?:\t_ = \w+\n)*\tres := ([\w.]+)\(([^,]+)\)
(?:\tif res == graphql\.Null \{
(?:\t\t.*\n)*\t\}
)?\treturn res
\}$`)
	byItself := regexp.MustCompile(`\{
(?:` + nilIsNull + `)?(?:\t_ = \w+\n)*\treturn v
\}$`)
	byMethod := fmt.Sprintf("ec.%s(ctx, field.Selections, %s)", marshal, value)
	if found := byFunction.FindStringSubmatch(method); found != nil {
		inPlace, never := neverNull()[found[1]]
		if !never {
			return ""
		}
		r.done[found[1]]++
		switch argument := found[2]; {
		case inPlace != "" && argument == "v":
			return fmt.Sprintf("%s(&%s)", inPlace, value)
		case inPlace != "" && argument == "*v":
			return fmt.Sprintf("%s(%s)", inPlace, value)
		}
		return byMethod
	}
	switch {
	case !byItself.MatchString(method):
		return ""
	case takesPointer(method):
		return byMethod
	}
	return "&" + value
}

// marshalsObject reports whether a marshal method takes a pointer to an object, and returns
// null or the fields of the object.
func marshalsObject(method string) bool {
	fields := regexp.MustCompile(`\{
	if v == nil \{
(?:\t\t.*\n)*\t\}
	return ec\._[\pL\pN_]+\(ctx, sel, v\)
\}$`)
	return takesPointer(method) && fields.MatchString(method)
}

// takesPointer reports whether the last parameter of a marshal method is a pointer.
func takesPointer(method string) bool {
	signature, _, _ := strings.Cut(method, "\n")
	return strings.Contains(signature, ", v *")
}
