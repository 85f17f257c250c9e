namespace CalicoConsole.Core.Model.V1;

/// <summary>A stored value does not have the form that its kind needs. Stays inside <see cref="GoJson.Read{T}"/>, which turns it into a reason.</summary>
public sealed class GoJsonException : Exception
{
    /// <summary>Without a reason; for the framework's conventions.</summary>
    public GoJsonException()
    {
    }

    /// <summary>With the reason, for people.</summary>
    public GoJsonException(string message)
        : base(message)
    {
    }

    /// <summary>With the reason and its cause.</summary>
    public GoJsonException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
