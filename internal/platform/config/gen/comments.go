package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/catfoster/catfoster/internal/platform/config"
)

// module is the path of the main module, which is the root directory of the project.
const module = "github.com/catfoster/catfoster"

// comments are the doc comments of structs and their fields, in one line each. The keys
// are for example "<import path>.Postgres" and "<import path>.Postgres.URL".
type comments map[string]string

func (c comments) ofStruct(v config.Description) string { return c[nameOf(v.Struct)] }

func (c comments) ofField(v config.Description) string { return c[nameOf(v.Struct)+"."+v.Field] }

func nameOf(t reflect.Type) string { return t.PkgPath() + "." + t.Name() }

// readComments reads the comments of the structs that declare the variables. A variable
// without a comment is an error.
func readComments(variables []config.Description) (comments, error) {
	found := comments{}
	read := map[string]bool{}
	for _, v := range variables {
		if path := v.Struct.PkgPath(); !read[path] {
			read[path] = true
			if err := found.readPackage(path); err != nil {
				return nil, err
			}
		}
		if found.ofField(v) == "" || strings.Count(found.ofStruct(v), " ") < 2 {
			return nil, fmt.Errorf("the variable %s or its struct has no comment", v.Name)
		}
	}
	return found, nil
}

func (c comments) readPackage(path string) error {
	files, err := filepath.Glob(filepath.Join("."+strings.TrimPrefix(path, module), "*.go"))
	if err != nil {
		return err
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, declaration := range file.Decls {
			if types, ok := declaration.(*ast.GenDecl); ok && types.Tok == token.TYPE {
				c.readType(path, types.Doc, types.Specs[0].(*ast.TypeSpec))
			}
		}
	}
	return nil
}

func (c comments) readType(path string, doc *ast.CommentGroup, declared *ast.TypeSpec) {
	structure, isStruct := declared.Type.(*ast.StructType)
	if !isStruct {
		return
	}
	name := path + "." + declared.Name.Name
	c[name] = oneLine(doc.Text())
	for _, field := range structure.Fields.List {
		for _, ident := range field.Names {
			c[name+"."+ident.Name] = oneLine(field.Doc.Text())
		}
	}
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
