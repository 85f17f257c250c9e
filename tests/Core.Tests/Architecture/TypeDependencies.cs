using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Emit;
using System.Text.RegularExpressions;

namespace CalicoConsole.Core.Tests.Architecture;

/// <summary>
/// Which of some types of ours uses which other one. Read from the compiled assembly: bases, members, attributes, and of each body its locals, what it catches,
/// and every type, field and method that an instruction names, with their signatures and type arguments. So nothing is missed that is inferred or stands in a
/// parent namespace, as a scan of <c>using</c> would miss it. The compiler leaves only literals (constants and members of enums) and <c>nameof</c> without a
/// trace; those are read from the source, where they cannot be written without their type's name. Names in comments are no dependency.
/// </summary>
internal sealed partial class TypeDependencies
{
    private static readonly FrozenDictionary<int, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!).ToFrozenDictionary(o => (int)(ushort)o.Value);

    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private readonly HashSet<Type> _types;
    private readonly HashSet<(Type From, Type To)> _uses = [];
    private readonly ILookup<string, Type> _byName;

    /// <summary>Reads types and their sources.</summary>
    /// <param name="types">All types of some namespaces, nested and generated ones included.</param>
    /// <param name="sources">The text of the files that declare them.</param>
    public TypeDependencies(IReadOnlyCollection<Type> types, IEnumerable<string> sources)
    {
        _types = [.. types];
        _byName = types.Where(t => !t.IsNested && !t.Name.Contains('<', StringComparison.Ordinal)).ToLookup(t => t.Name.Split('`')[0], StringComparer.Ordinal);
        foreach (var type in types)
        {
            Read(type);
        }

        foreach (var text in sources)
        {
            ReadSource(text);
        }
    }

    /// <summary>Pairs of outermost types, the user first. Never a type with itself.</summary>
    public IReadOnlySet<(Type From, Type To)> Uses => _uses;

    private void Read(Type type)
    {
        Add(type, type.BaseType);
        foreach (var used in type.GetInterfaces().Concat(type.GetGenericArguments().SelectMany(a => a.GetGenericParameterConstraints())))
        {
            Add(type, used);
        }

        Attributes(type, type.GetCustomAttributesData());
        foreach (var member in type.GetMembers(Declared))
        {
            Attributes(type, member.GetCustomAttributesData());
            Member(type, member);
            if (member is MethodBase method)
            {
                Body(type, method);
            }
        }
    }

    private void Attributes(Type from, IList<CustomAttributeData> attributes)
    {
        foreach (var attribute in attributes)
        {
            Add(from, attribute.AttributeType);
            foreach (var argument in attribute.ConstructorArguments.Concat(attribute.NamedArguments.Select(a => a.TypedValue)))
            {
                Add(from, argument.ArgumentType);
                Add(from, argument.Value as Type);
            }
        }
    }

    private void Member(Type from, MemberInfo? member)
    {
        Add(from, member?.DeclaringType);
        switch (member)
        {
            case FieldInfo field:
                Add(from, field.FieldType);
                break;
            case PropertyInfo property:
                Add(from, property.PropertyType);
                break;
            case EventInfo happening:
                Add(from, happening.EventHandlerType);
                break;
            case MethodBase method:
                foreach (var parameter in method.GetParameters())
                {
                    Add(from, parameter.ParameterType);
                }

                if (method is MethodInfo returning)
                {
                    Add(from, returning.ReturnType);
                    foreach (var argument in returning.GetGenericArguments())
                    {
                        Add(from, argument);
                        if (argument.IsGenericParameter)
                        {
                            Array.ForEach(argument.GetGenericParameterConstraints(), c => Add(from, c));
                        }
                    }
                }

                break;
            case Type used:
                Add(from, used);
                break;
            case null:
                break;
        }
    }

    private void Body(Type from, MethodBase method)
    {
        if (method.GetMethodBody() is not { } body)
        {
            return;
        }

        foreach (var local in body.LocalVariables)
        {
            Add(from, local.LocalType);
        }

        foreach (var clause in body.ExceptionHandlingClauses)
        {
            Add(from, clause.Flags == ExceptionHandlingClauseOptions.Clause ? clause.CatchType : null);
        }

        var code = body.GetILAsByteArray() ?? [];
        var ofType = method.DeclaringType is { IsGenericType: true } generic ? generic.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < code.Length;)
        {
            var value = (int)code[at++];
            if (value == 0xFE)
            {
                value = 0xFE00 | code[at++];
            }

            var operand = OpCodesByValue[value].OperandType;
            switch (operand)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    Member(from, method.Module.ResolveMember(BitConverter.ToInt32(code, at), ofType, ofMethod));
                    break;
                case OperandType.InlineSig:
                    throw new NotSupportedException($"{method.DeclaringType}.{method.Name} calls by a pointer, whose signature is not read");
            }

            at += operand switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + 4 * BitConverter.ToInt32(code, at),
                _ => 4,
            };
        }
    }

    private void ReadSource(string text)
    {
        // What stands in an interpolated text counts, also its words: rather a dependency too many than one missed.
        var code = NoCode().Replace(text, m => m.Value.StartsWith('/') ? " " : m.Value.Contains('{', StringComparison.Ordinal) ? m.Value : "\"\"");
        var place = Namespace().Match(code).Groups[1].Value;
        var declared = Declaration().Matches(code).SelectMany(m => _byName[m.Groups[1].Value].Where(t => t.Namespace == place).Select(t => (m.Index, Type: t)))
            .ToArray();
        if (declared.Length == 0)
        {
            return;
        }

        foreach (Match match in Literal().Matches(code))
        {
            foreach (var type in Seen(match.Groups[1].Value, place, code).Where(t => t.GetField(match.Groups[2].Value, Declared) is { IsLiteral: true }))
            {
                Add(At(match.Index), type);
            }
        }

        foreach (Match match in NameOf().Matches(code))
        {
            foreach (var type in Seen(match.Groups[1].Value, place, code))
            {
                Add(At(match.Index), type);
            }
        }

        foreach (Match match in UsingType().Matches(code))
        {
            Add(At(match.Index), _types.FirstOrDefault(t => t.FullName == match.Groups[1].Value));
        }

        Type At(int index) => declared.LastOrDefault(d => d.Index <= index, declared[0]).Type;
    }

    // Types by their simple name where their namespace is the file's or a parent of it, or is named in the file.
    private IEnumerable<Type> Seen(string name, string place, string code) => _byName[name].Where(t => t.Namespace is { } its
        && (place == its || place.StartsWith(its + ".", StringComparison.Ordinal) || code.Contains($"using {its};", StringComparison.Ordinal)
            || code.Contains($"{its[(its.LastIndexOf('.') + 1)..]}.{name}", StringComparison.Ordinal)));

    private void Add(Type from, Type? to)
    {
        while (to is { HasElementType: true })
        {
            to = to.GetElementType();
        }

        if (to is null || to.IsGenericParameter)
        {
            return;
        }

        foreach (var argument in to.IsGenericType ? to.GetGenericArguments() : [])
        {
            Add(from, argument);
        }

        var (user, used) = (Outermost(from), Outermost(to));
        if (user != used && _types.Contains(used))
        {
            _uses.Add((user, used));
        }
    }

    private static Type Outermost(Type type)
    {
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return type.IsGenericType ? type.GetGenericTypeDefinition() : type;
    }

    [GeneratedRegex("""//[^\n]*|/\*.*?\*/|\"\"\".*?\"\"\"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])'""", RegexOptions.Singleline)]
    private static partial Regex NoCode();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^[\w ]*\b(?:class|struct|record struct|record class|record|interface|enum|delegate [\w<>?]+) (\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\b(\w+)\s*\.\s*(\w+)")]
    private static partial Regex Literal();

    [GeneratedRegex(@"\bnameof\(\s*(?:\w+\.)*?(\w+)")]
    private static partial Regex NameOf();

    [GeneratedRegex(@"^using (?:static|\w+ =) ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex UsingType();
}
