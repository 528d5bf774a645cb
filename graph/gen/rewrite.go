package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

const (
	graphqlPackage = `"github.com/99designs/gqlgen/graphql"`
	marshalPackage = `"github.com/catfoster/catfoster/graph/marshal"`
)

// neverNull are the functions that encode a value and never return graphql.Null. Encoding
// with them cannot fail, so no error needs the path of the field. The values are the
// functions that encode the same from a pointer to the value, without copying it to the heap.
func neverNull() map[string]string {
	return map[string]string{
		"graphql.MarshalString": "marshal.String", "graphql.MarshalInt": "marshal.Int", "graphql.MarshalBoolean": "marshal.Boolean",
		"scalar.MarshalID": "marshal.ID", "scalar.MarshalDate": "", "scalar.MarshalURL": "",
	}
}

// rewrite changes five things in the code that gqlgen has written:
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
//
// The error says what does not look as expected, as after an upgrade of gqlgen. Then this
// program has to be adapted, and nothing may be written.
func rewrite(source []byte) ([]byte, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	f := generatedFile{source: source, offset: func(p token.Pos) int { return fset.Position(p).Offset }, functions: map[string]*ast.FuncDecl{}}
	for _, declaration := range file.Decls {
		if function, ok := declaration.(*ast.FuncDecl); ok {
			f.functions[function.Name.Name] = function
		}
	}
	edits, err := f.edits()
	if err != nil {
		return nil, err
	}
	imports, err := f.importEdits(file)
	if err != nil {
		return nil, err
	}
	return format.Source(apply(source, append(edits, imports...)))
}

// generatedFile is a file that gqlgen has written.
type generatedFile struct {
	source    []byte
	offset    func(token.Pos) int
	functions map[string]*ast.FuncDecl
}

// edit replaces the bytes from start to end.
type edit struct {
	start, end int
	text       string
}

func (f generatedFile) edits() ([]edit, error) {
	var edits []edit
	if f.functions["Exec"] == nil {
		return nil, errors.New("there is no function Exec")
	}
	lists, objects, kinds := 0, 0, map[string]int{}
	for name, function := range f.functions {
		if name == "Exec" {
			found, err := f.dataEdits(function)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			edits = append(edits, found...)
			continue
		}
		found, err := f.objectEdits(function)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if found != nil {
			objects++
			edits = append(edits, found...)
			continue
		}
		found, err = f.listEdit(function)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if found != nil {
			lists++
			edits = append(edits, found...)
			continue
		}
		field, kind, err := f.fieldEdit(function)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if field != nil {
			kinds[kind]++
			edits = append(edits, *field)
		}
	}
	if objects == 0 {
		return nil, errors.New("no object has a graphql.DeferredGroup")
	}
	if lists == 0 {
		return nil, errors.New("no list is marshaled by graphql.MarshalSliceConcurrently")
	}
	for _, encoder := range []string{"graphql.MarshalString", "graphql.MarshalInt", "graphql.MarshalBoolean", "scalar.MarshalID"} {
		if kinds[encoder] == 0 {
			return nil, fmt.Errorf("no field of a struct is encoded by %s", encoder)
		}
	}
	if kinds[objectField] == 0 {
		return nil, errors.New("no field of a struct is an object")
	}
	return edits, nil
}

// dataEdits replaces how the data of responses is encoded in the function that executes
// operations: once for queries and once for mutations.
func (f generatedFile) dataEdits(function *ast.FuncDecl) ([]edit, error) {
	var edits []edit
	ast.Inspect(function, func(n ast.Node) bool {
		block, ok := n.(*ast.BlockStmt)
		if !ok {
			return true
		}
		for i, statement := range block.List[:max(0, len(block.List)-1)] {
			if next := block.List[i+1]; f.text(statement) == "var buf bytes.Buffer" && f.text(next) == "data.MarshalGQL(&buf)" {
				edits = append(edits, edit{f.offset(statement.Pos()), f.offset(next.End()), "buf := marshal.Data(ctx, data)"})
			}
		}
		return true
	})
	if len(edits) != 2 {
		return nil, fmt.Errorf("data is encoded in %d places as expected, want 2", len(edits))
	}
	return edits, nil
}

// objectEdits replaces, in a function that resolves the fields of an object, how its group
// of deferred fields begins and what it returns.
func (f generatedFile) objectEdits(function *ast.FuncDecl) ([]edit, error) {
	if function.Body == nil {
		return nil, nil
	}
	var edits []edit
	for _, statement := range function.Body.List {
		if f.text(statement) == "deferred := graphql.NewDeferredGroup(ctx)" {
			edits = append(edits, edit{f.offset(statement.Pos()), f.offset(statement.End()), "deferred := marshal.DeferredGroup(ctx, fields)"})
		}
	}
	if edits == nil {
		return nil, nil
	}
	last := function.Body.List[len(function.Body.List)-1]
	if len(edits) != 1 || f.text(last) != "return out" {
		return nil, errors.New("the function that resolves an object does not look as expected")
	}
	return append(edits, edit{f.offset(last.Pos()), f.offset(last.End()), "return marshal.Object(out, fields, deferred)"}), nil
}

// listEdit replaces the call that marshals a list in a function, if there is one.
func (f generatedFile) listEdit(function *ast.FuncDecl) ([]edit, error) {
	var found []edit
	var problem error
	ast.Inspect(function, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || f.text(call.Fun) != "graphql.MarshalSliceConcurrently" {
			return true
		}
		if len(call.Args) != 5 || f.text(call.Args[2]) != "0" || f.text(call.Args[3]) != "false" {
			problem = errors.New("graphql.MarshalSliceConcurrently has other arguments than expected")
			return false
		}
		// The arguments between length and function are a limit of workers and the switch
		// that leaves out the recovery from panics.
		found = append(found, edit{f.offset(call.Pos()), f.offset(call.Args[4].Pos()),
			fmt.Sprintf("marshal.Slice(%s, %s, ", f.text(call.Args[0]), f.text(call.Args[1]))})
		return false
	})
	return found, problem
}

// objectField is the kind of a field of a struct that is an object. The kind of a scalar is
// the function that encodes it.
const objectField = "object"

// fieldEdit replaces the body of a function that resolves a field of a struct, and returns
// the kind of the field.
func (f generatedFile) fieldEdit(function *ast.FuncDecl) (replaced *edit, kind string, err error) {
	resolve := resolveFieldCall(function)
	if resolve == nil {
		return nil, "", nil
	}
	if len(resolve.Args) != 9 {
		return nil, "", fmt.Errorf("graphql.ResolveField has %d arguments, want 9", len(resolve.Args))
	}
	value, ok := f.structField(resolve.Args[4])
	if !ok || f.text(resolve.Args[5]) != "nil" { // It has a resolver, a method or a directive.
		return nil, "", nil
	}
	newContext, ok := methodCalled(resolve.Args[3], 2)
	if !ok {
		return nil, "", errors.New("the function that makes its context does not look as expected")
	}
	marshal, ok := methodCalled(resolve.Args[6], 3)
	if !ok {
		return nil, "", errors.New("the function that marshals its value does not look as expected")
	}
	target := f.functions[marshal]
	if target == nil {
		return nil, "", fmt.Errorf("there is no function %s", marshal)
	}
	var result string
	if encoder, argument, ok := f.encoder(target); ok {
		kind, result = encoder, f.encode(target, value, encoder, argument)
	} else if f.marshalsObject(target) {
		kind, result = objectField, fmt.Sprintf("marshal.Field(ctx, field, ec.%s, %s, ec.%s)", newContext, value, marshal)
	} else {
		return nil, "", nil // Its value is a list, or encoding it may fail.
	}
	return &edit{f.offset(function.Body.Pos()), f.offset(function.Body.End()), "{\nreturn " + result + "\n}"}, kind, nil
}

// encode returns the expression that encodes a scalar in a struct: in its place if there is a
// function for it, and otherwise by the marshal method.
func (f generatedFile) encode(method *ast.FuncDecl, value, encoder, argument string) string {
	switch inPlace := neverNull()[encoder]; {
	case encoder == "v" && !f.takesPointer(method):
		return "&" + value
	case inPlace != "" && argument == "v":
		return fmt.Sprintf("%s(&%s)", inPlace, value)
	case inPlace != "" && argument == "*v":
		return fmt.Sprintf("%s(%s)", inPlace, value)
	}
	return fmt.Sprintf("ec.%s(ctx, field.Selections, %s)", method.Name.Name, value)
}

// marshalsObject reports whether a marshal method takes a pointer to an object, and returns
// null or the fields of the object.
func (f generatedFile) marshalsObject(method *ast.FuncDecl) bool {
	if len(method.Body.List) != 2 || !f.takesPointer(method) {
		return false
	}
	check, ok := method.Body.List[0].(*ast.IfStmt)
	if !ok || f.text(check.Cond) != "v == nil" {
		return false
	}
	result, ok := method.Body.List[1].(*ast.ReturnStmt)
	return ok && len(result.Results) == 1 &&
		strings.HasPrefix(f.text(result.Results[0]), "ec._") && strings.HasSuffix(f.text(result.Results[0]), "(ctx, sel, v)")
}

// takesPointer reports whether the last parameter of a function is a pointer.
func (f generatedFile) takesPointer(function *ast.FuncDecl) bool {
	parameters := function.Type.Params.List
	if len(parameters) == 0 {
		return false
	}
	_, pointer := parameters[len(parameters)-1].Type.(*ast.StarExpr)
	return pointer
}

// resolveFieldCall returns the call in `return graphql.ResolveField(...)`, if that is all
// that the function does.
func resolveFieldCall(function *ast.FuncDecl) *ast.CallExpr {
	result, ok := onlyResult(function.Body)
	if !ok {
		return nil
	}
	call, ok := result.(*ast.CallExpr)
	if !ok {
		return nil
	}
	if name, ok := call.Fun.(*ast.SelectorExpr); !ok || name.Sel.Name != "ResolveField" {
		return nil
	}
	return call
}

// structField returns the expression of `func(…) { return obj.Field, nil }`.
func (f generatedFile) structField(resolver ast.Expr) (string, bool) {
	function, ok := resolver.(*ast.FuncLit)
	if !ok || len(function.Body.List) != 1 {
		return "", false
	}
	result, ok := function.Body.List[0].(*ast.ReturnStmt)
	if !ok || len(result.Results) != 2 || f.text(result.Results[1]) != "nil" {
		return "", false
	}
	for e := result.Results[0]; ; {
		switch expression := e.(type) {
		case *ast.SelectorExpr:
			e = expression.X
		case *ast.Ident:
			return f.text(result.Results[0]), expression.Name == "obj"
		default:
			return "", false
		}
	}
}

// methodCalled returns the method in `func(…) … { return ec.method(…) }`, with a number of
// arguments.
func methodCalled(function ast.Expr, arguments int) (string, bool) {
	literal, ok := function.(*ast.FuncLit)
	if !ok {
		return "", false
	}
	result, ok := onlyResult(literal.Body)
	if !ok {
		return "", false
	}
	call, ok := result.(*ast.CallExpr)
	if !ok || len(call.Args) != arguments {
		return "", false
	}
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	return method.Sel.Name, true
}

// encoder returns the function by which a marshal method encodes its value, and the argument
// of that function, or "v" if the value encodes itself, provided that the method adds no
// error: it returns null only for a nil value of a field that may be null.
func (f generatedFile) encoder(function *ast.FuncDecl) (encoder, argument string, ok bool) {
	for _, statement := range function.Body.List {
		switch statement := statement.(type) {
		case *ast.AssignStmt:
			call, isCall := statement.Rhs[0].(*ast.CallExpr)
			if f.text(statement.Lhs[0]) == "_" {
				continue
			}
			if !isCall || f.text(statement.Lhs[0]) != "res" || len(call.Args) != 1 {
				return "", "", false
			}
			encoder, argument = f.text(call.Fun), f.text(call.Args[0])
			if _, never := neverNull()[encoder]; !never {
				return "", "", false
			}
		case *ast.IfStmt:
			switch condition := f.text(statement.Cond); {
			case condition == "res == graphql.Null" && encoder != "": // It never happens.
			case condition == "v == nil" && f.text(statement.Body) == "{\n\t\treturn graphql.Null\n\t}":
			default:
				return "", "", false
			}
		case *ast.ReturnStmt:
			switch f.text(statement.Results[0]) {
			case "res":
				return encoder, argument, encoder != ""
			case "v":
				return "v", "", true
			}
			return "", "", false
		default:
			return "", "", false
		}
	}
	return "", "", false
}

// onlyResult returns the expression of a body that is one return statement with one result.
func onlyResult(body *ast.BlockStmt) (ast.Expr, bool) {
	if body == nil || len(body.List) != 1 {
		return nil, false
	}
	result, ok := body.List[0].(*ast.ReturnStmt)
	if !ok || len(result.Results) != 1 {
		return nil, false
	}
	return result.Results[0], true
}

// importEdits adds our package to the imports and removes bytes, which is not used any more.
func (f generatedFile) importEdits(file *ast.File) ([]edit, error) {
	var edits []edit
	for _, spec := range file.Imports {
		switch spec.Path.Value {
		case graphqlPackage:
			edits = append(edits, edit{f.offset(spec.End()), f.offset(spec.End()), "\n" + marshalPackage})
		case `"bytes"`:
			edits = append(edits, edit{f.offset(spec.Pos()), f.offset(spec.End()), ""})
		}
	}
	if len(edits) != 2 {
		return nil, errors.New("it does not import bytes and " + graphqlPackage)
	}
	return edits, nil
}

func (f generatedFile) text(n ast.Node) string {
	return string(f.source[f.offset(n.Pos()):f.offset(n.End())])
}

// apply makes the edits, which do not overlap.
func apply(source []byte, edits []edit) []byte {
	slices.SortFunc(edits, func(a, b edit) int { return a.start - b.start })
	var rewritten strings.Builder
	end := 0
	for _, e := range edits {
		rewritten.Write(source[end:e.start])
		rewritten.WriteString(e.text)
		end = e.end
	}
	rewritten.Write(source[end:])
	return []byte(rewritten.String())
}
