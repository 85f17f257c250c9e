namespace CalicoConsole.Core.Reachability;

/// <summary>What another room works out of a model and keeps with it.</summary>
internal interface IDerived
{
    /// <summary>What the next model's may take over where it still holds. Must not hold on to the model.</summary>
    object HandsOn { get; }
}

/// <summary>A place in a model for what is worked out of it once, when first asked for. Safe for concurrent use.</summary>
/// <param name="inherited">What the model before had to hand on; null when nothing.</param>
internal sealed class DerivedView(object? inherited)
{
    private readonly Lock _making = new();
    private volatile IDerived? _made;

    /// <summary>What the model before had to hand on; null when nothing.</summary>
    public object? Inherited => inherited;

    /// <summary>What the next model inherits: of what was made here, else what was inherited.</summary>
    public object? HandsOn => _made?.HandsOn ?? inherited;

    /// <summary>What was made; made now when it is asked for the first time.</summary>
    public T Get<T>(Func<T> make)
        where T : class, IDerived
    {
        if (_made is T known)
        {
            return known;
        }

        lock (_making)
        {
            return (T)(_made ??= make());
        }
    }
}
