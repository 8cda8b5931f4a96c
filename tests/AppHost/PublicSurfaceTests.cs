using System.Globalization;
using System.Reflection;
using Xunit;

namespace TshErp.AppHost.Tests;

/// <summary>
/// AppHost.cs must compile against Aspire's packages too. So Embedded shows exactly the members of Embedded/aspire-api.txt, each a line of
/// Aspire's own API listings (13.5, namespaces left out); whoever needs one more takes it from there.
/// </summary>
public sealed class PublicSurfaceTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
    };

    [Fact]
    public void Embedded_shows_exactly_the_listed_members_of_Aspire()
    {
        var assembly = typeof(DistributedApplication).Assembly;
        using var reader = new StreamReader(assembly.GetManifestResourceStream("aspire-api.txt")!);
        var listed = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !l.StartsWith('#')).Order(StringComparer.Ordinal);
        var shown = assembly.GetExportedTypes().Where(t => t.Namespace?.StartsWith("Aspire.", StringComparison.Ordinal) == true).SelectMany(Members).Order(StringComparer.Ordinal);
        Assert.Equal(string.Join('\n', listed), string.Join('\n', shown));
    }

    private static IEnumerable<string> Members(Type type)
    {
        var name = type.FullName!.Split('`')[0].Replace('+', '.');
        yield return $"{name}: {(type.IsInterface ? "interface" : type.IsValueType ? "struct" : "class")}";
        foreach (var member in type.GetMembers(Declared))
        {
            var text = member switch
            {
                ConstructorInfo constructor when constructor.GetParameters().Length == 0 => null, // the listings leave out the implicit ones
                ConstructorInfo { IsPublic: true } or ConstructorInfo { IsFamily: true } => Signature((ConstructorInfo)member, type.Name.Split('`')[0]),
                MethodInfo { IsSpecialName: false, IsPublic: true } method when !IsOwnOverride(method) => $"{Name(method.ReturnType, Nullability.Create(method.ReturnParameter))} {Signature(method, method.Name)}",
                PropertyInfo property when property.GetMethod is { IsPublic: true } => $"{Name(property.PropertyType, Nullability.Create(property))} {property.Name}",
                FieldInfo { IsPublic: true } field => $"{Name(field.FieldType, Nullability.Create(field))} {field.Name}",
                _ => null,
            };
            if (text is not null)
                yield return $"{name}: {text}";
        }
    }

    private static bool IsOwnOverride(MethodInfo method) => method.DeclaringType!.Assembly == typeof(DistributedApplication).Assembly && method.GetBaseDefinition().DeclaringType == typeof(object);

    private static string Signature(MethodBase method, string name)
    {
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";
        var parameters = method.GetParameters().Select((p, i) =>
        {
            var prefix = i == 0 && method.IsDefined(typeof(System.Runtime.CompilerServices.ExtensionAttribute)) ? "this "
                : p.IsDefined(typeof(ParamArrayAttribute)) ? "params " : p.IsIn ? "in " : "";
            return $"{prefix}{Name(p.ParameterType, Nullability.Create(p))} {p.Name}{(p.HasDefaultValue ? $" = {Default(p)}" : "")}";
        });
        return $"{name}{generic}({string.Join(", ", parameters)})";
    }

    private static string Default(ParameterInfo parameter) => parameter.DefaultValue switch
    {
        null => parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null ? "default" : "null",
        bool value => value ? "true" : "false",
        var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Name(Type type, NullabilityInfo info)
    {
        if (type.IsByRef)
            type = type.GetElementType()!;
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return $"{(Keywords.TryGetValue(inner, out var short_) ? short_ : inner.Name)}?";
        var mark = !type.IsValueType && !type.IsGenericParameter && info.ReadState == NullabilityState.Nullable ? "?" : "";
        if (type.IsArray)
            return $"{Name(type.GetElementType()!, info.ElementType!)}[]{mark}";
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword + mark;
        var name = type.Name.Split('`')[0];
        if (type.IsGenericType)
            name += $"<{string.Join(", ", type.GetGenericArguments().Select((a, i) => Name(a, info.GenericTypeArguments[i])))}>";
        return name + mark;
    }
}
