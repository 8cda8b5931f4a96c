using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace TshErp.Data.Catalog;

/// <summary>An item of Zoho as mirrored, with the fields that only we own.</summary>
/// <remarks>Sync never touches <see cref="NameAr"/> after the insert, <see cref="DescriptionAr"/> or <see cref="IsFeatured"/>: people edit them here.</remarks>
public sealed class Product
{
    public long Id { get; init; }
    public required string ZohoItemId { get; init; }

    /// <summary>Unique among products that are not deleted; null when Zoho has none.</summary>
    public string? Sku { get; set; }

    public required string Name { get; set; }
    public required string NameAr { get; set; }
    public string? Description { get; set; }
    public string? DescriptionAr { get; set; }

    /// <summary>Zoho's <c>rate</c> in the organization's base currency. Price lists, not this, decide what a customer pays.</summary>
    public decimal? UnitPrice { get; set; }

    /// <summary>Zoho's <c>purchase_rate</c>; never leaves the server on mobile paths.</summary>
    public decimal? CostPrice { get; set; }

    public string? UnitOfMeasure { get; set; }
    public string? Brand { get; set; }
    public string? Manufacturer { get; set; }
    public long? CategoryId { get; set; }
    public Category? Category { get; init; }
    public bool IsActive { get; set; }
    public decimal? ReorderPoint { get; set; }
    public string? TaxName { get; set; }
    public decimal? TaxPercentage { get; set; }

    /// <summary>UPC, else EAN.</summary>
    public string? Barcode { get; set; }

    public string? PartNumber { get; set; }
    public string? ItemType { get; set; }
    public string? ProductType { get; set; }
    public string? ZohoGroupId { get; set; }
    public bool IsCombo { get; set; }
    public bool TrackInventory { get; set; }
    public string? ImageDocumentId { get; set; }
    public string? ImageName { get; set; }
    public bool IsFeatured { get; set; }

    /// <summary>The record as Zoho sent it last, for audit and for fields mapped later.</summary>
    public string? ZohoData { get; set; }

    public DateTimeOffset? SourceVersion { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Set when Zoho deleted the item: kept as a tombstone, inactive.</summary>
    public DateTimeOffset? DeletedAt { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<Product>
    {
        public void Configure(EntityTypeBuilder<Product> builder)
        {
            builder.ToTable("products", t => t.HasCheckConstraint("ck_products_deleted_is_inactive", "deleted_at is null or not is_active"));
            builder.Property(p => p.Id).UseIdentityByDefaultColumn();
            builder.Property(p => p.ZohoData).HasColumnType("jsonb");
            builder.HasOne(p => p.Category).WithMany().HasForeignKey(p => p.CategoryId).OnDelete(DeleteBehavior.Restrict);
            builder.HasIndex(p => p.ZohoItemId).IsUnique().HasDatabaseName("ux_products_zoho_item_id");
            builder.HasIndex(p => p.Sku).IsUnique().HasFilter("deleted_at is null").HasDatabaseName("ux_products_sku");
            builder.HasIndex(p => p.Barcode).HasDatabaseName("ix_products_barcode");
            builder.HasIndex(p => p.CategoryId).HasDatabaseName("ix_products_category_id");
        }
    }
}

/// <summary>A category of Zoho, created on demand by the products that name it.</summary>
public sealed class Category
{
    public long Id { get; init; }
    public required string ZohoCategoryId { get; init; }
    public required string Name { get; set; }
    public required string NameAr { get; set; }
    public DateTimeOffset CreatedAt { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<Category>
    {
        public void Configure(EntityTypeBuilder<Category> builder)
        {
            builder.ToTable("categories");
            builder.Property(c => c.Id).UseIdentityByDefaultColumn();
            builder.HasIndex(c => c.ZohoCategoryId).IsUnique().HasDatabaseName("ux_categories_zoho_category_id");
        }
    }
}
