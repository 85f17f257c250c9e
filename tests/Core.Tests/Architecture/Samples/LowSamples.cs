namespace CalicoConsole.Core.Tests.Architecture.Samples.Low;

internal static class HasALiteral
{
    public const int Most = 3;
}

internal enum AnEnum
{
    One,
    Two,
}

internal sealed record OnlyNamed;

internal static class AnExtension
{
    public static int Doubled(this int value) => 2 * value;
}

internal sealed record Inferred(int Value);

internal static class Maker
{
    public static Inferred Make() => new(1);
}

[AttributeUsage(AttributeTargets.Class)]
internal sealed class AMark(Type type) : Attribute
{
    public Type Type => type;
}

internal sealed record NamedByAMark;

internal interface AConstraint;

internal sealed record AnArgument;

internal sealed class OnlyCaughtException : Exception;

internal static class UsedAfterAWait
{
    public static void Use() => GC.KeepAlive("");
}
